import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import {
  bookId,
  sheetsKeyFile,
  startGoogleSheets,
} from '@sluice/testing/vendors/google-sheets/start-google-sheets';
import { klaviyoKey, startKlaviyo } from '@sluice/testing/vendors/klaviyo/start-klaviyo';
import { metaKeys, startMetaAudiences } from '@sluice/testing/vendors/meta-audiences/start-meta-audiences';
import { salesforceApp, startSalesforce } from '@sluice/testing/vendors/salesforce/start-salesforce';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSync } from '../sync/create-sync.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { createDestination } from './create-destination.ts';

/** The whole way: a model in PostgreSQL, a worker, and the vendor's API. */
let world: TestWorld;
let vendors: {
  salesforce: Awaited<ReturnType<typeof startSalesforce>>;
  klaviyo: Awaited<ReturnType<typeof startKlaviyo>>;
  meta: Awaited<ReturnType<typeof startMetaAudiences>>;
  sheets: Awaited<ReturnType<typeof startGoogleSheets>>;
};

beforeAll(async () => {
  const [salesforce, klaviyo, meta, sheets] = await Promise.all([
    startSalesforce(),
    startKlaviyo(),
    startMetaAudiences(),
    startGoogleSheets(),
  ]);
  vendors = { salesforce, klaviyo, meta, sheets };
  world = await openTestWorld({ allow: Object.values(vendors).map(({ port }) => `127.0.0.1:${port}`) });
});
afterAll(async () => {
  await world.close();
  for (const vendor of Object.values(vendors)) {
    await vendor.close();
    expect(vendor.violations).toEqual([]);
  }
});

async function table(name: string, rows: string): Promise<number> {
  await world.target.run(`create table ${name} (id int primary key, email text, name text)`);
  await world.target.run(`insert into ${name} ${rows}`);
  return world.model({ sql: `select * from ${name}` });
}

async function sync(
  modelId: number,
  type: string,
  connection: Record<string, unknown>,
  configuration: SyncConfigurationInput,
): Promise<number> {
  const destination = await createDestination(world.ctx, world.actor, {
    name: `${type} of ${modelId}`,
    type,
    configuration: connection,
  });
  const created = await createSync(
    world.ctx,
    world.actor,
    {
      modelId,
      destinationId: destination.id,
      schedule: null,
      disabled: false,
      tags: {},
      configuration: SyncConfiguration.parse({ guards: { removedShareMax: null }, ...configuration }),
    },
    { signal: AbortSignal.timeout(30_000) },
  );
  return created.id;
}
const column = (from: string, to = from) => ({ type: 'column' as const, from, to });

test('Salesforce gets many rows in a job, few in collections, and loses those that left', async () => {
  const modelId = await table(
    'leads',
    "select i, 'p' || i || '@example.com', case when i = 7 then repeat('x', 90) else 'N' || i end from generate_series(1, 2500) i",
  );
  const id = await sync(
    modelId,
    'salesforce',
    { access: 'client', ...salesforceApp, baseUrl: vendors.salesforce.url },
    {
      object: 'Contact',
      mode: 'mirror',
      matchKey: { from: 'email', to: 'Ext__c' },
      mappings: [column('name', 'LastName')],
    },
  );
  const first = await world.run(id);
  expect(first).toMatchObject({
    status: 'warning',
    counts: { delivered: { added: 2499 }, rejected: { added: 1 } },
  });
  const { state } = vendors.salesforce;
  expect([...state.jobs.values()]).toMatchObject([{ state: 'JobComplete' }]);
  await world.target.run(
    'delete from leads where id > 2400',
    "update leads set name = 'Ada' where id in (1, 7)",
  );
  const second = await world.run(id);
  expect(second).toMatchObject({
    status: 'success',
    counts: { delivered: { added: 1, changed: 1, removed: 100 } },
  });
  expect(state.jobs.size).toBe(1);
  expect(state.records.Contact?.size).toBe(2400);
});

test('Klaviyo’s import jobs tell of each row', async () => {
  const modelId = await table(
    'subscribers',
    "select i, case when i = 70 then 'nobody' else 'k' || i || '@example.com' end, 'N' || i from generate_series(1, 80) i",
  );
  const id = await sync(
    modelId,
    'klaviyo',
    { access: 'key', apiKey: klaviyoKey, baseUrl: vendors.klaviyo.url },
    {
      object: 'profiles',
      mode: 'upsert',
      matchKey: { from: 'email', to: 'email' },
      mappings: [column('name', 'first_name')],
    },
  );
  expect(await world.run(id)).toMatchObject({
    counts: { delivered: { added: 79 }, rejected: { added: 1 } },
  });
  expect(vendors.klaviyo.state.jobs.size).toBe(1);
  expect(vendors.klaviyo.state.profiles.byId.size).toBe(79);
});

test('Meta takes people out by the columns that added them', async () => {
  const modelId = await table(
    'members',
    "values (1, 'Ada@Example.com', 'Ada'), (2, 'eve@example.com', 'Eve'), (3, 'nobody', 'Bob')",
  );
  const id = await sync(
    modelId,
    'meta-audiences',
    { ...metaKeys, baseUrl: vendors.meta.url },
    { object: '101', mode: 'segment', mappings: [column('email', 'EMAIL'), column('name', 'FN')] },
  );
  expect(await world.run(id)).toMatchObject({
    counts: { delivered: { added: 2 }, rejected: { added: 1 } },
  });
  await world.target.run('delete from members where id = 1');
  expect(await world.run(id)).toMatchObject({ counts: { delivered: { removed: 1 } } });
  expect(vendors.meta.state.audiences.get('101')?.members.size).toBe(1);
});

const account = () => ({
  access: 'key',
  serviceAccountKey: sheetsKeyFile(vendors.sheets.url),
  baseUrl: vendors.sheets.url,
});
const cells = (sheetId: number) =>
  vendors.sheets.state.books
    .get(bookId)
    ?.sheets.find((sheet) => sheet.sheetId === sheetId)
    ?.cells.map((row) => Array.from(row ?? [], (cell) => cell ?? ''));

test('a sheet is kept row by row', async () => {
  const modelId = await table('rows', "values (1, 'a', 'Ada A.'), (2, 'b', 'Bob B.'), (3, 'c', 'Cy C.')");
  const id = await sync(modelId, 'google-sheets', account(), {
    object: `${bookId}/7`,
    mode: 'mirror',
    matchKey: { from: 'email', to: 'id' },
    mappings: [column('name')],
  });
  expect(await world.run(id)).toMatchObject({ status: 'success', counts: { delivered: { added: 3 } } });
  await world.target.run('delete from rows where id = 1');
  await world.run(id);
  expect(cells(7)?.slice(0, 3)).toEqual([
    ['Note', 'id', 'name', 'Total'],
    ['wait', 'b', 'Bob B.', 2],
    ['', 'c', 'Cy C.'],
  ]);
});

test('a sheet is written anew with each run, also when nothing is left', async () => {
  const modelId = await table('whole', "values (1, 'a', 'Ada'), (2, 'b', 'Bob')");
  const id = await sync(modelId, 'google-sheets', account(), {
    object: `${bookId}/0`,
    mode: 'all',
    matchKey: null,
    mappings: [column('id'), column('name')],
  });
  expect(await world.run(id)).toMatchObject({ status: 'success' });
  await world.target.run(
    "update whole set name = 'Augusta' where id = 1",
    "insert into whole values (3, 'c', 'Cy')",
  );
  expect(await world.run(id)).toMatchObject({ status: 'success' });
  expect(cells(0)?.filter((row) => row.join('') !== '')).toEqual([
    ['id', 'name'],
    [1, 'Augusta'],
    [2, 'Bob'],
    [3, 'Cy'],
  ]);
  await world.target.run('delete from whole');
  expect(await world.run(id)).toMatchObject({ status: 'success' });
  expect(cells(0)?.filter((row) => row.join('') !== '')).toEqual([['id', 'name']]);
});
