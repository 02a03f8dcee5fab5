// `sluice dbt push` as a job of CI runs it after dbt, and models that follow dbt in files.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDbtProject } from '@sluice/services/dbt-project/create-dbt-project';
import { dbtManifest, dbtRunResults } from '@sluice/testing/dbt/artifacts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../program.ts';
import { type CliWorld, edit, openCliWorld } from './open-cli-world.ts';

let world: CliWorld;
let target: string;

const nodes = [
  { name: 'people', rawSql: 'select 1', schema: 'public' },
  { name: 'vips', rawSql: 'select 2', schema: 'public' },
];
let minute = 0;
const write = (name: string, content: unknown) => writeFile(join(target, name), JSON.stringify(content));
const writeManifest = (of = nodes) => {
  minute += 1;
  return write('manifest.json', dbtManifest({ nodes: of, generatedAt: `2026-11-22T07:0${minute}:00Z` }));
};

/** The command line in this process, over the same HTTP: starting a process for each command takes longer than all else. */
async function sluice(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (line: string) => void out.push(line),
    note: (line: string) => void err.push(line),
    style: (_: unknown, text: string) => text,
    status: () => {},
    live: false,
    ask: async () => null,
  };
  const { password } = world.target;
  const code = await runProgram(args, terminal, {
    SLUICE_URL: world.url,
    SLUICE_TOKEN: world.token,
    SOURCE_WAREHOUSE_PASSWORD: password,
    DESTINATION_CRM_PASSWORD: password,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
const push = (...more: string[]) => sluice('dbt', 'push', '--project', 'shop', '--target', target, ...more);

beforeAll(async () => {
  world = await openCliWorld();
  await world.target.run(
    'create table public.people (id int primary key, email text)',
    "insert into public.people values (1, 'ana@example.com')",
    'create view public.vips as select * from public.people',
    'create table public.contacts (id int primary key, email text)',
  );
  const { ctx, actor, sourceId } = world;
  await createDbtProject(ctx, actor, { name: 'Shop', sourceId, url: null, header: null });
  target = await world.directory();
});
afterAll(() => world.close());

test('what is missing is said before anything is sent', async () => {
  expect(await push()).toMatchObject({
    code: 2,
    err: expect.stringContaining('manifest.json cannot be read'),
  });
  await writeManifest();
  expect(await push('--trigger')).toMatchObject({
    code: 2,
    err: expect.stringContaining('run_results.json cannot be read'),
  });
  expect(await push('--trigger', '--check')).toMatchObject({ code: 2 });
  expect(world.asked).toEqual([]);
  const unknown = await sluice('dbt', 'push', '--project', 'bank', '--target', target);
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('no dbt project "bank"') });
});

test('pushes, after a look at what it would change', async () => {
  expect(await push('--check')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/It would be taken: 2 dbt models, 2 added/),
  });
  const args = ['dbt', 'push', '--project', 'shop', '--target', target];
  expect(await world.sluice(args)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Taken: 2 dbt models, 2 added, 0 changed/),
  });
});

test('a file makes a model that follows dbt, changes it, and a build starts its sync', async () => {
  const files = await world.directory();
  expect((await sluice('pull', files)).code).toBe(0);
  const file = join(files, 'models', 'people.yaml');
  // A workspace without models has no directory for them yet.
  await mkdir(join(files, 'models'), { recursive: true });
  await writeFile(
    file,
    [
      'name: People',
      'source: warehouse',
      'primaryKey: id',
      'query: { queryType: dbt, project: shop, uniqueId: model.shop.people }',
    ].join('\n'),
  );
  const applied = await sluice('apply', files, '--yes');
  expect(applied, applied.err).toMatchObject({
    code: 0,
    out: expect.stringContaining('Created model people'),
  });
  expect(await sluice('plan', files, '--check')).toMatchObject({ code: 0 });
  await edit(file, 'model.shop.people', 'model.shop.vips');
  expect(await sluice('plan', files, '--check')).toMatchObject({ code: 7 });
  expect((await sluice('apply', files, '--yes')).code).toBe(0);
  expect((await sluice('pull', files, '--overwrite')).code).toBe(0);
  expect(await readFile(file, 'utf8')).toContain('model.shop.vips');

  const model = await world.ctx.db.model.findFirstOrThrow({ where: { slug: 'people' } });
  const sync = await world.sync({
    modelId: model.id,
    to: 'postgresql',
    configuration: {
      object: 'public.contacts',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'email', to: 'email' }],
    },
  });
  await writeManifest();
  await write('run_results.json', dbtRunResults({ results: { 'model.shop.vips': 'success' } }));
  const pushed = await push('--trigger', '--json');
  expect(pushed, pushed.err).toMatchObject({ code: 0 });
  const { manifest, build } = JSON.parse(pushed.out);
  expect([manifest.applied, build.started[0].slug]).toEqual([true, sync.slug]);
  expect(await world.ended(build.started[0].runId)).toMatchObject({ status: 'success' });
});

test('ends with 4 when the build failed, and with 3 when a sync needs a look', async () => {
  await writeManifest();
  const results = { 'model.shop.vips': 'success', 'test.shop.unique': 'fail' };
  await write('run_results.json', dbtRunResults({ invocationId: 'second', results }));
  expect(await push('--trigger')).toMatchObject({
    code: 4,
    out: expect.stringMatching(/0 syncs started\.\n {2}failed in dbt: test\.shop\.unique[\s\S]*not started/),
  });
  await writeManifest([{ name: 'people', rawSql: 'select 1', schema: 'public' }]);
  expect(await push()).toMatchObject({
    code: 3,
    out: expect.stringMatching(/model people: model\.shop\.vips removed[\s\S]*broken/),
  });
});
