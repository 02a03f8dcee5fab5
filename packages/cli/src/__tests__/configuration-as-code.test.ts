import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getConnectionRow } from '@sluice/services/connection/get-connection-row';
import { openConfiguration } from '@sluice/services/connection/open-configuration';
import { destinationKind } from '@sluice/services/destination/destination-kind';
import { updateDestination } from '@sluice/services/destination/update-destination';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliWorld, edit, openCliWorld } from './open-cli-world.ts';

let world: CliWorld;
let directory: string;
let secrets: Record<string, string>;
const sluice = (...args: string[]) => world.sluice(args, secrets);
const at = (file: string) => join(directory, file);

beforeAll(async () => {
  world = await openCliWorld();
  await world.target.run(
    'create table public.people (id int primary key, email text, name text)',
    "insert into public.people values (1, 'ana@example.com', 'Ana'), (2, 'bo@example.com', 'Bo')",
    'create table public.contacts (user_id int primary key, email text, name text, kind text)',
    'create table public.other_contacts (user_id int primary key, email text, name text, kind text)',
  );
  const modelId = await world.model({ sql: 'select id, email, name from public.people\nwhere id > 0' });
  const sync = await world.sync({
    modelId,
    to: 'postgresql',
    configuration: {
      object: 'public.contacts',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'user_id' },
      mappings: [
        { type: 'column', from: 'email', to: 'email' },
        { type: 'column', from: 'name', to: 'name' },
      ],
    },
  });
  expect((await world.run(sync.id)).status).toBe('success');
  directory = await world.directory();
  const { password } = world.target;
  secrets = { SOURCE_WAREHOUSE_PASSWORD: password, DESTINATION_CRM_PASSWORD: password };
});
afterAll(() => world.close());

const noChange = async () => {
  const { code, out, err } = await sluice('plan', directory, '--check');
  expect(err).toBe('');
  expect(out).toMatch(/^Nothing to do: \d+ unchanged\.\n$/);
  expect(code).toBe(0);
};

describe('a round trip', () => {
  test('pulls everything, secrets as references, and pulling again writes nothing', async () => {
    const first = await sluice('pull', directory);
    expect(first).toMatchObject({ code: 0, err: expect.stringContaining('SOURCE_WAREHOUSE_PASSWORD') });
    const files = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.yaml'));
    expect(files.sort()).toEqual([
      'destinations/api.yaml',
      'destinations/crm.yaml',
      'models/model-1.yaml',
      'sources/warehouse.yaml',
      'syncs/model-1-to-crm.yaml',
    ]);
    const texts = (await Promise.all(files.map((file) => readFile(at(file), 'utf8')))).join('\n');
    expect(texts).not.toContain(world.target.password);
    expect(texts).not.toContain('••');
    expect(texts).toContain(`password: \${SOURCE_WAREHOUSE_PASSWORD}`);
    expect(await readFile(at('syncs/model-1-to-crm.yaml'), 'utf8')).toMatchInlineSnapshot(`
      "model: model-1
      destination: crm
      configuration:
        object: public.contacts
        mode: upsert
        matchKey:
          from: id
          to: user_id
        mappings:
          - type: column
            to: email
            from: email
          - type: column
            to: name
            from: name
      "
    `);
    const again = await sluice('pull', directory);
    expect(again).toMatchObject({ code: 0, out: '0 written, 5 up to date.\n' });
  });

  test('plans nothing for what was pulled, and apply changes nothing', async () => {
    await noChange();
    world.asked.length = 0;
    expect(await sluice('apply', directory, '--yes')).toMatchObject({ code: 0 });
    expect(world.asked.filter((line) => !line.startsWith('GET'))).toEqual([]);
  });

  test('plans an edit field by field, applies it, and then plans nothing', async () => {
    await edit(at('models/model-1.yaml'), 'where id > 0', 'where id > 1');
    await edit(at('models/model-1.yaml'), 'name: Model 1', '# people\nname: People');
    await edit(at('syncs/model-1-to-crm.yaml'), 'mode: upsert', 'mode: mirror');
    const planned = await sluice('plan', directory, '--check');
    expect(planned.code).toBe(7);
    expect(planned.out).toContain('~ model model-1\n    name: "Model 1" → "People"\n');
    expect(planned.out).toContain('      - where id > 0\n      + where id > 1\n');
    expect(planned.out).toContain('~ sync model-1-to-crm\n    configuration.mode: "upsert" → "mirror"\n');
    expect(planned.out).toContain('removed rows: deleted');
    expect(planned.out).toContain('0 to create, 2 to change, 0 to remove, 3 unchanged.');

    const applied = await sluice('apply', directory, '--yes');
    expect(applied).toMatchObject({ code: 0, out: expect.stringContaining('Applied 2 changes.') });
    await noChange();
    expect(await sluice('pull', directory)).toMatchObject({ code: 0, out: '0 written, 5 up to date.\n' });
    expect(await readFile(at('models/model-1.yaml'), 'utf8')).toContain('# people');
  });
});

describe('what a change does to delivered rows', () => {
  const planOf = async (file: string, from: string, to: string) => {
    const before = await readFile(at(file), 'utf8');
    await edit(at(file), from, to);
    const { out } = await sluice('plan', directory);
    await writeFile(at(file), before);
    return out;
  };
  const sync = 'syncs/model-1-to-crm.yaml';

  test('another primary key is a full resync of the syncs of the model', async () => {
    const out = await planOf('models/model-1.yaml', 'primaryKey: id', 'primaryKey: email');
    expect(out).toMatch(/the next run of model-1-to-crm is a full resync/);
  });
  test('so is another object or match key', async () => {
    expect(await planOf(sync, 'public.contacts', 'public.other_contacts')).toMatch(
      /! Full resync: .*rows that were delivered stay in public\.contacts/,
    );
    expect(await planOf(sync, 'to: user_id', 'to: email')).toMatch(/! Full resync: .*found in another way/);
  });
  test('a removed mapping sends nothing, and leaves its field alone', async () => {
    const out = await planOf(sync, '    - type: column\n      to: name\n      from: name\n', '');
    expect(out).not.toContain('sends all delivered rows');
    expect(out).toMatch(/! name: no longer written; delivered records keep the value/);
  });
  test('a static value sends no row by itself', async () => {
    const out = await planOf(
      sync,
      '  mappings:\n',
      '  mappings:\n    - { type: static, to: kind, value: x }\n',
    );
    expect(out).toMatch(/configuration\.mappings\[kind\]: \(none\) → /);
    expect(out).toMatch(/! kind: taken for rows that are sent from now on; no row is sent because of it/);
  });
  test('a template may read other columns', async () => {
    const mapping = "{ type: template, to: kind, template: '{{ row.email }}' }";
    const out = await planOf(sync, '  mappings:\n', `  mappings:\n    - ${mapping}\n`);
    expect(out).toMatch(
      /! kind: taken for rows .*; if it reads other columns than before, all delivered rows/,
    );
  });
  test('the engine does as the plan says', async () => {
    await edit(at(sync), '    - type: column\n      to: name\n      from: name\n', '');
    await sluice('apply', directory, '--yes');
    const { out } = await sluice('run', 'model-1-to-crm', '--wait', '--json');
    expect(JSON.parse(out)).toMatchObject({
      status: 'success',
      plannedRows: { addedCount: 0, changedCount: 0 },
    });
    expect(await world.target.query('select name from contacts where user_id = 2')).toEqual([{ name: 'Bo' }]);
  });
});

describe('what is refused before anything is sent', () => {
  const refused = async (args: string[], environment = secrets) => {
    world.asked.length = 0;
    const ended = await world.sluice([args[0] ?? '', directory, ...args.slice(1)], environment);
    expect(world.asked.filter((line) => !line.startsWith('GET'))).toEqual([]);
    expect(ended.code).toBe(2);
    return ended.err;
  };
  const withFile = async (file: string, text: string, look: () => Promise<void>) => {
    await writeFile(at(file), text);
    await look();
    await rm(at(file));
  };

  test('broken YAML, unknown keys and wrong values, all with file and line', async () => {
    const model =
      'name: X\nsource: warehouse\nprimaryKey: id\nquery:\n  queryType: raw_sql\n  sql: select 1\n  sqll: x\nkye: 1\n';
    await withFile('models/broken.yaml', 'name: "X\nsource', async () => {
      await withFile('models/wrong.yaml', model, async () => {
        const err = await refused(['apply', '--yes']);
        expect(err).toContain('models/broken.yaml:2: ');
        expect(err).toContain('models/wrong.yaml:7: "query.sqll" is not a setting.');
        expect(err).toContain('models/wrong.yaml:8: "kye" is not a setting.');
        expect(err).toContain('Nothing was changed.');
      });
    });
  });

  test('keys that occur twice, cron that never fires, names that are no slug, slugs that name nothing', async () => {
    const twice = 'name: X\nname: Y\n';
    const sync = 'model: nobody\ndestination: crm\nconfiguration: { object: a, mode: insert }\n';
    const cron = `${sync.replace('nobody', 'model-1')}schedule: { type: cron, schedule: { expression: 0 0 31 2 * } }\n`;
    await withFile('sources/twice.yaml', twice, async () => {
      expect(await refused(['plan'])).toMatch(/sources\/twice\.yaml:2: .*unique/);
    });
    await withFile('syncs/cron.yaml', cron, async () => {
      expect(await refused(['plan'])).toMatch(/syncs\/cron\.yaml:4: schedule: .*never fires/);
    });
    await withFile('syncs/Not a slug.yml', sync, async () => {
      expect(await refused(['plan'])).toContain('syncs/Not a slug.yml: Only files that are named like');
    });
    await withFile('syncs/lost.yaml', sync, async () => {
      expect(await refused(['plan'])).toContain(
        'syncs/lost.yaml:1: model: there is no file models/nobody.yaml.',
      );
    });
  });

  test('secrets in files, and what never changes', async () => {
    const file = at('sources/warehouse.yaml');
    const before = await readFile(file, 'utf8');
    await writeFile(
      file,
      before
        .replace(`\${SOURCE_WAREHOUSE_PASSWORD}`, 'hunter22')
        .replace('sslMode: disable', 'sslMod: disable'),
    );
    const err = await refused(['apply', '--yes']);
    expect(err).toMatch(
      /sources\/warehouse\.yaml:\d+: configuration\.password: a file is no place for a secret/,
    );
    expect(err).toMatch(
      /sources\/warehouse\.yaml:\d+: configuration\.sslMod: a postgresql has no such setting/,
    );
    expect(err).not.toContain('hunter22');
    await writeFile(file, before.replace('postgresql', 'sample'));
    expect(await refused(['plan'])).toContain('sources/warehouse.yaml:2: type: it is "postgresql" for good');
    await writeFile(file, before.replace('postgresql', 'oracle'));
    expect(await refused(['plan'])).toContain(
      'sources/warehouse.yaml:2: type: there is no "oracle". There are: ',
    );
    await writeFile(file, before);
  });

  test('variables that are not set, an empty directory, and nobody to ask', async () => {
    const { DESTINATION_CRM_PASSWORD: _, ...rest } = secrets;
    const err = await refused(['apply', '--yes'], { ...rest, SOURCE_WAREHOUSE_PASSWORD: '' });
    expect(err).toContain('DESTINATION_CRM_PASSWORD (destinations/crm.yaml)');
    expect(err).toContain('SOURCE_WAREHOUSE_PASSWORD (sources/warehouse.yaml)');
    expect((await sluice('apply', await world.directory(), '--prune', '--yes')).code).toBe(2);
    await edit(at('models/model-1.yaml'), 'name: People', 'name: Persons');
    expect(await refused(['apply'])).toContain('use --yes');
    await edit(at('models/model-1.yaml'), 'name: Persons', 'name: People');
  });
});

describe('creating and removing', () => {
  test('makes a pipeline in the order of its parts, and removes it the other way round', async () => {
    const { host, port } = world.target.configuration;
    const source = `name: Second\ntype: postgresql\nconfiguration:\n  host: \${DB_HOST}\n  port: ${String(port)}\n  database: postgres\n  user: sluice\n  password: \${SOURCE_WAREHOUSE_PASSWORD}\n  sslMode: disable\n`;
    const model =
      'name: Second\nsource: second\nprimaryKey: id\nquery:\n  queryType: table\n  schema: public\n  table: people\n';
    const sync = `model: second\ndestination: api\nconfiguration:\n  object: request\n  mode: trigger\n  triggers: [added]\n  options: ${httpOptions}\nschedule:\n  type: interval\n  schedule: { interval: { unit: hour, quantity: 2 } }\ntags: { team: data }\n`;
    await writeFile(at('sources/second.yaml'), source);
    await writeFile(at('models/second.yaml'), model);
    await writeFile(at('syncs/second.yaml'), sync);
    secrets.DB_HOST = String(host);
    const planned = await sluice('plan', directory);
    expect(planned.out).not.toContain(world.target.password);
    expect(planned.out).toContain('Its first run sends every row of the model.');
    const created = await sluice('apply', directory, '--yes');
    expect(created.err).toBe('');
    expect(created.out).toMatch(
      /Created source second\nCreated model second\nCreated sync second\nApplied 3 changes/,
    );
    await noChange();

    for (const file of ['sources/second.yaml', 'models/second.yaml', 'syncs/second.yaml']) await rm(at(file));
    await noChange();
    const pruned = await sluice('plan', directory, '--prune', '--json');
    expect(
      JSON.parse(pruned.out).changes.map(
        (change: { action: string; kind: string }) => `${change.action} ${change.kind}`,
      ),
    ).toEqual(['remove syncs', 'remove models', 'remove sources']);
    const removed = await sluice('apply', directory, '--prune', '--yes');
    expect(removed.out).toMatch(/Removed sync second\nRemoved model second\nRemoved source second\n/);
    expect((await sluice('plan', directory, '--prune')).out).toContain('Nothing to do');
  });

  test('stops at the first failure, says what was done, and goes on from there next time', async () => {
    const model = (sql: string) =>
      `name: A\nsource: warehouse\nprimaryKey: id\nquery: { queryType: raw_sql, sql: ${sql} }\n`;
    await writeFile(at('models/a.yaml'), model('select 1 as id'));
    await writeFile(at('models/b.yaml'), model('select nonsense'));
    await writeFile(at('models/c.yaml'), model('select 3 as id'));
    const stopped = await sluice('apply', directory, '--yes');
    expect(stopped.code).toBe(1);
    expect(stopped.err).toContain('Failed: create model b');
    expect(stopped.err).toContain('Done before: create model a\nNot begun: create model c');
    await writeFile(at('models/b.yaml'), model('select 2 as id'));
    expect((await sluice('apply', directory, '--yes')).out).toMatch(/Created model b\nCreated model c\n/);
    await noChange();
  });

  test('sends secrets again when told to, and when the connection changes', async () => {
    const again = await sluice('apply', directory, '--yes', '--send-secrets');
    expect(again.out).toContain('Changed source warehouse');
    expect(again.out + again.err).not.toContain(world.target.password);
    await edit(at('sources/warehouse.yaml'), 'database: postgres', 'database: template1');
    expect((await sluice('apply', directory, '--yes')).out).toContain('Changed source warehouse');
    await edit(at('sources/warehouse.yaml'), 'database: template1', 'database: postgres');
    expect((await sluice('apply', directory, '--yes')).code).toBe(0);
    expect((await sluice('run', 'model-1-to-crm', '--wait')).code).toBe(0);
  });

  test('names the secret of a header after the header, and keeps a variable that a file names', async () => {
    const id = world.destinations.http;
    const { workspaceId } = world.actor;
    const headers = [
      { name: 'Authorization', value: 'Bearer canary-1', secret: true },
      { name: 'X-Team', value: 'a', secret: false },
    ];
    await updateDestination(world.ctx, world.actor, { id, configuration: { headers } });
    const pulled = await sluice('pull', directory, '--overwrite');
    expect(pulled.err).toContain('DESTINATION_API_HEADERS_AUTHORIZATION');
    const file = at('destinations/api.yaml');
    expect(await readFile(file, 'utf8')).toContain(`value: \${DESTINATION_API_HEADERS_AUTHORIZATION}`);

    await edit(file, `\${DESTINATION_API_HEADERS_AUTHORIZATION}`, `Bearer \${API_TOKEN}`);
    secrets.API_TOKEN = 'canary-2';
    await noChange();
    await edit(file, 'value: a', 'value: b');
    const applied = await sluice('apply', directory, '--yes');
    expect(applied.out).toContain('configuration.headers.1.value: "a" → "b"');
    expect(applied.out + applied.err).not.toContain('canary');
    const row = await getConnectionRow(world.ctx.db, destinationKind, workspaceId, id);
    expect(await openConfiguration(world.ctx, destinationKind, row)).toMatchObject({
      headers: [{ value: 'Bearer canary-2' }, { value: 'b' }],
    });
    await noChange();

    await updateDestination(world.ctx, world.actor, { id, name: 'Renamed' });
    expect((await sluice('pull', directory, '--overwrite')).out).toContain('Overwrote destinations/api.yaml');
    expect(await readFile(file, 'utf8')).toContain(`value: Bearer \${API_TOKEN}`);
  });

  test('what a file leaves out goes back to its default', async () => {
    const before = await readFile(at('sources/warehouse.yaml'), 'utf8');
    await edit(at('sources/warehouse.yaml'), '  sslMode: disable\n', '');
    expect((await sluice('plan', directory)).out).toMatch(/configuration\.sslMode: "disable" → "\w/);
    await writeFile(at('sources/warehouse.yaml'), before);
    await noChange();
  });

  test('pull keeps files that say something else unless told otherwise', async () => {
    await edit(at('models/a.yaml'), 'name: A', 'name: Edited');
    const kept = await sluice('pull', directory);
    expect(kept).toMatchObject({ code: 1, err: expect.stringContaining('models/a.yaml') });
    expect(await sluice('pull', directory, '--overwrite')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Overwrote models\/a\.yaml\n1 written/),
    });
    await noChange();
  });
});

/** What the HTTP destination wants of an object. */
const httpOptions = '{ added: { url: /people } }';
