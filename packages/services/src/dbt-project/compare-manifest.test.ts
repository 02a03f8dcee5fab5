import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DbtManifestSpec, type DbtNodeSpec, dbtManifest } from '@sluice/testing/dbt/artifacts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failureOf } from '../testing/failure-of.ts';
import { compareManifest, type KnownNode } from './compare-manifest.ts';
import { readManifest } from './read-manifest.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-dbt-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function read(content: unknown) {
  const path = join(directory, 'manifest.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readManifest(path);
}
const nodesOf = async (...nodes: DbtNodeSpec[]) => (await read(dbtManifest({ nodes }))).nodes;

/** The nodes of a manifest, as they are stored once it is taken. */
async function known(...specs: DbtNodeSpec[]): Promise<KnownNode[]> {
  const steps = compareManifest([], await nodesOf(...specs));
  return steps.map(({ node, fingerprint }, index) => {
    if (!node) throw new Error('a first manifest removes nothing');
    return { ...node, id: index + 1, fingerprint, present: true };
  });
}
const changes = (steps: ReturnType<typeof compareManifest>) =>
  steps.map(({ change, known: before, node }) => [change, before?.uniqueId ?? null, node?.uniqueId ?? null]);

it.each([9, 10, 11, 12, 20])('reads nodes with rows, and who uses them, from version %i', async (version) => {
  const spec: DbtManifestSpec = {
    version,
    nodes: [
      {
        name: 'customers',
        description: 'One row per customer',
        columns: { id: 'The key', email: '' },
        tags: ['crm'],
      },
      { name: 'top', kind: 'analysis', compiledSql: 'select 1 as id' },
      { name: 'raw_orders', kind: 'seed', materialized: 'seed' },
      { name: 'customers_id_unique', kind: 'test' },
    ],
    exposures: [{ name: 'churn', on: ['customers'] }],
  };
  const manifest = await read(dbtManifest(spec));
  expect(manifest).toMatchObject({ schemaVersion: version, projectName: 'shop', adapter: 'postgres' });
  expect(manifest.generatedAt?.toISOString()).toBe('2026-11-22T06:00:00.123Z');
  expect(manifest.nodes.map(({ uniqueId, relation }) => [uniqueId, relation])).toEqual([
    ['model.shop.customers', '"postgres"."analytics"."customers"'],
    ['analysis.shop.top', null],
    ['seed.shop.raw_orders', '"postgres"."analytics"."raw_orders"'],
  ]);
  expect(manifest.nodes[0]).toMatchObject({
    description: 'One row per customer',
    columns: [
      { name: 'id', description: 'The key', type: null },
      { name: 'email', description: '', type: null },
    ],
    tags: ['crm'],
    exposures: [
      { name: 'churn', kind: 'dashboard', owner: 'Data team', url: 'https://bi.example.com/churn' },
    ],
  });
});

it('keeps text that a database could not store readable', async () => {
  const [node] = await nodesOf({ name: 'customers', description: 'a\0b\ud800c' });
  expect(node?.description).toBe('a\uFFFDb\uFFFDc');
});

it('says what is wrong with a file', async () => {
  const catalog = { metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/catalog/v1.json' } };
  const broken = dbtManifest({ nodes: [{ name: 'customers' }] });
  Object.assign(broken.nodes['model.shop.customers'] ?? {}, { name: 7 });
  const failures: [unknown, RegExp][] = [
    ['{"metadata":', /not a manifest\.json: it is not valid JSON/],
    [{ hello: 'world' }, /it is not written by dbt/],
    [[], /it is not written by dbt/],
    [catalog, /it is dbt's catalog\.json/],
    [dbtManifest({ version: 8, nodes: [] }), /has version 8; 9, 10, 11, 12 and 20 are known/],
    [dbtManifest({ version: 13, nodes: [] }), /has version 13/],
    [{ ...broken, nodes: undefined }, /nothing usable at "nodes"/],
    [broken, /at "nodes\.model\.shop\.customers\.name"/],
  ];
  for (const [content, message] of failures) {
    const failure = await failureOf(read(content));
    expect(failure).toMatchObject({ code: 'input_invalid', fields: { manifest: failure.message } });
    expect(failure.message).toMatch(message);
  }
});

it('finds what came, changed and went, and nothing when nothing did', async () => {
  const before = await known({ name: 'a' }, { name: 'b' }, { name: 'c' });
  const same = await nodesOf({ name: 'a' }, { name: 'b' }, { name: 'c' });
  expect(compareManifest(before, same)).toEqual([]);
  const after = await nodesOf(
    { name: 'a', rawSql: 'select 2' },
    { name: 'b', description: 'said anew' },
    { name: 'd' },
  );
  expect(changes(compareManifest(before, after))).toEqual([
    ['changed', 'model.shop.a', 'model.shop.a'],
    ['described', 'model.shop.b', 'model.shop.b'],
    ['added', null, 'model.shop.d'],
    ['removed', 'model.shop.c', null],
  ]);
});

it.each<[string, DbtNodeSpec, DbtNodeSpec]>([
  [
    'its relation',
    { name: 'customers', rawSql: 'select 1' },
    { name: 'clients', rawSql: 'select 2', relation: '"postgres"."analytics"."customers"' },
  ],
  [
    'the checksum of its file',
    { name: 'customers', rawSql: 'select 1' },
    { name: 'clients', rawSql: 'select 1' },
  ],
  [
    'its compiled SQL',
    { name: 'customers', rawSql: 'select 1', compiledSql: 'select 1 as id' },
    { name: 'clients', rawSql: 'select  1', compiledSql: 'select 1 as id' },
  ],
  [
    'its file, in another package',
    { name: 'customers', rawSql: 'select 1', package: 'shop', schema: 'a' },
    { name: 'customers', rawSql: 'select 2', package: 'store', schema: 'b' },
  ],
])('knows a renamed node by %s', async (_, old, renamed) => {
  const before = await known(old, { name: 'other', rawSql: 'select 9' });
  const after = await nodesOf(renamed, { name: 'other', rawSql: 'select 9' });
  expect(changes(compareManifest(before, after))).toEqual([
    ['renamed', before[0]?.uniqueId, after[0]?.uniqueId],
  ]);
});

it('guesses no rename where two could be meant', async () => {
  const before = await known({ name: 'a', rawSql: 'select 1' }, { name: 'b', rawSql: 'select 1' });
  const after = await nodesOf({ name: 'c', rawSql: 'select 1' });
  expect(changes(compareManifest(before, after))).toEqual([
    ['added', null, 'model.shop.c'],
    ['removed', 'model.shop.a', null],
    ['removed', 'model.shop.b', null],
  ]);
});

it('keeps compiled SQL that a build of other nodes did not write, until the file changes', async () => {
  const ephemeral = { name: 'a', materialized: 'ephemeral', rawSql: 'select {{ x }}' };
  const before = await known({ ...ephemeral, compiledSql: 'select 1' });
  expect(compareManifest(before, await nodesOf(ephemeral))).toEqual([]);
  const [step] = compareManifest(before, await nodesOf({ ...ephemeral, rawSql: 'select {{ y }}' }));
  expect(step).toMatchObject({ change: 'changed', node: { compiledSql: null } });
});
