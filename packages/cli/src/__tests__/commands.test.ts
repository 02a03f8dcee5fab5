import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliWorld, openCliWorld } from './open-cli-world.ts';

let world: CliWorld;
let slug: string;

beforeAll(async () => {
  world = await openCliWorld({ workers: 0 });
  await world.target.run(
    'create table public.people (id int primary key, email text)',
    "insert into public.people values (1, 'ana@example.com'), (2, '=1+1'), (3, 'bo@example.com')",
    "create table public.contacts (user_id int primary key, email text check (email like '%@%'))",
  );
  const sync = await world.sync({
    modelId: await world.model({ sql: 'select id, email from public.people' }),
    to: 'postgresql',
    configuration: {
      object: 'public.contacts',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'user_id' },
      mappings: [{ type: 'column', from: 'email', to: 'email' }],
    },
  });
  ({ slug } = sync);
});
afterAll(() => world.close());

describe('without a worker', () => {
  test('run answers at once; a second one joins the run that waits', async () => {
    const first = await world.sluice(['run', slug, '--json']);
    const second = await world.sluice(['run', slug, '--json']);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(JSON.parse(first.out)).toEqual(JSON.parse(second.out));
    expect((await world.sluice(['run', slug])).out).toMatch(/^Run \d+ of [\w-]+ is queued\.\n$/);
  });

  test('run --wait ends with 6 after the timeout, and the run goes on', async () => {
    const ended = await world.sluice(['run', slug, '--wait', '--timeout', '0.5s']);
    expect(ended).toMatchObject({ code: 6, out: '' });
    expect(ended.err).toMatch(/Run (\d+) has not ended within 0\.5s\. It goes on\.\n.*sluice cancel \1/);
  });

  test('run --wait ends with 5 when somebody cancels', async () => {
    const { out } = await world.sluice(['run', slug, '--json']);
    const waiting = world.sluice(['run', slug, '--wait']);
    const cancelled = await world.sluice(['cancel', String(JSON.parse(out).id)]);
    expect(cancelled).toMatchObject({ code: 0, out: expect.stringMatching(/is cancelled\.\n$/), err: '' });
    const again = await world.sluice(['cancel', String(JSON.parse(out).id)]);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('Nothing to do') });
    // The waiting process joined this run, or (if it was slower) queued one of its own, which is cancelled here.
    const { id, status } = JSON.parse((await world.sluice(['list', 'runs', '--json'])).out)[0];
    if (status === 'queued') await world.sluice(['cancel', String(id)]);
    expect(await waiting).toMatchObject({ code: 5, err: expect.not.stringContaining('error:') });
  });
});

describe('with a worker', () => {
  let runId: string;
  beforeAll(() => void world.worker());

  test('run --wait shows the progress and ends with 3 when rows were rejected', async () => {
    const ended = await world.sluice(['run', slug, '--wait']);
    expect(ended.code).toBe(3);
    expect(ended.out).toMatch(/^Run \d+ of [\w-]+: warning\n {2}added: 2 of 3 delivered, 1 rejected\n/);
    expect(ended.err).toMatch(/100 % {2}warning: 2 of 3 rows delivered, 1 rejected\n/);
    runId = /Run (\d+)/.exec(ended.out)?.[1] ?? '';
  });

  test('rejected names each row and the reason, of the newest run or of one', async () => {
    for (const args of [[slug], [slug, runId]]) {
      const { code, out } = await world.sluice(['rejected', ...args]);
      expect(code).toBe(0);
      expect(out).toMatch(/^KEY {2}CHANGE {2}CODE .*\n2 .*check/s);
      expect(out.trim().split('\n')).toHaveLength(2);
    }
    const csv = await world.sluice(['rejected', slug, '--csv']);
    expect(csv.out).toMatch(/^primary_key,change,reason_code,reason\n2,added,/);
    expect(JSON.parse((await world.sluice(['rejected', slug, '--json'])).out)).toMatchObject([{ key: '2' }]);
  });

  test('logs tells the stages of the run', async () => {
    const { code, out } = await world.sluice(['logs', runId, '--follow']);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d{4}-.*Z {2}(info|warning) {2,}\w+ .+\n/);
    const lines = (await world.sluice(['logs', runId, '--json'])).out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).stage)).toContain('plan');
  });

  test('run --wait ends with 0 when every row was accepted, and with nothing to do', async () => {
    await world.target.run('delete from public.people where id = 2');
    expect(await world.sluice(['run', slug, '--wait', '--full-resync'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/: success\n {2}added: 2 of 2 delivered\n$/),
    });
    expect((await world.sluice(['run', slug, '--wait'])).out).toContain('Nothing had changed.');
    expect((await world.sluice(['rejected', slug])).err).toMatch(/rejected no row/);
  });

  test('run --wait ends with 4 and the reason when the run failed', async () => {
    await world.target.run('alter table public.people rename to persons');
    const ended = await world.sluice(['run', slug, '--wait']);
    expect(ended.code).toBe(4);
    expect(ended.out).toMatch(/: failed\n.*people/s);
    await world.target.run('alter table public.persons rename to people');
  });

  test('lists and shows everything, by slug and by id, as text and as JSON', async () => {
    for (const kind of ['sources', 'destinations', 'models', 'syncs', 'runs']) {
      const [text, json] = await Promise.all([
        world.sluice(['list', kind]),
        world.sluice(['list', kind.slice(0, -1), '--json']),
      ]);
      expect([text.code, text.out]).toEqual([0, expect.stringMatching(/^ID +S/)]);
      const [first] = JSON.parse(json.out);
      const [bySlug, byId] = await Promise.all([
        world.sluice(['inspect', kind, String(first.slug ?? first.id)]),
        world.sluice(['inspect', kind, String(first.id), '--json']),
      ]);
      expect(bySlug.out).toContain(`id: ${first.id}\n`);
      expect(JSON.parse(byId.out)).toMatchObject({ id: first.id });
    }
    const limited = await world.sluice(['list', 'runs', '--sync', slug, '--limit', '2', '--json']);
    expect(JSON.parse(limited.out)).toHaveLength(2);
    expect((await world.sluice(['inspect', 'source', 'warehouse'])).out).not.toContain(world.target.password);
  }, 90_000);
});

describe('what goes wrong', () => {
  test.each([
    [['frob']],
    [['run']],
    [['run', 'x', '--frob']],
    [['list', 'tables']],
    [['list', 'runs', '--limit', '0']],
    [['run', 'x', '--timeout', 'soon']],
    [['logs', 'x']],
    [['inspect', 'sync', 'No Slug']],
    [['rejected', 'x', '--csv', '--json']],
  ])('%j is used wrongly: 2', async (args) => {
    const { code, out, err } = await world.sluice(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: /);
  });

  test('help is no failure', async () => {
    expect(await world.sluice(['--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('Ends with:'),
    });
  });

  test('settings that are missing or wrong: 2; a server that refuses or is not there: 1', async () => {
    const list = (environment: Record<string, string>) => world.sluice(['list', 'syncs'], environment);
    expect(await list({ SLUICE_URL: '' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('SLUICE_URL'),
    });
    expect(await list({ SLUICE_TOKEN: '' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('SLUICE_TOKEN'),
    });
    expect((await list({ SLUICE_URL: 'sluice.example.com' })).code).toBe(2);
    const refused = await list({ SLUICE_TOKEN: 'slc_canary4711' });
    expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/token.*\nRequest id: /s) });
    expect(refused.err).not.toContain('canary4711');
    expect((await list({ SLUICE_URL: `${world.url}/api/v1/` })).code).toBe(0);
    expect(await world.sluice(['run', 'nope', '--wait'])).toMatchObject({
      code: 1,
      err: 'error: There is no sync "nope" in this workspace.\nWhat to do: `sluice list syncs` shows which there are.\n',
    });
  });
});
