import { ListRunRows } from '@sluice/domain/run';
import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import { brazeKey, startBraze } from '@sluice/testing/vendors/braze/start-braze';
import { customerIoKeys, startCustomerIo } from '@sluice/testing/vendors/customer-io/start-customer-io';
import { hubspotToken, startHubspot } from '@sluice/testing/vendors/hubspot/start-hubspot';
import { slackToken, startSlack } from '@sluice/testing/vendors/slack/start-slack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listRunRows } from '../run/list-run-rows.ts';
import { createSync } from '../sync/create-sync.ts';
import { suggestMappings } from '../sync/suggest-mappings.ts';
import { testRow } from '../sync/test-row.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { createDestination } from './create-destination.ts';
import { getObject } from './get-object.ts';
import { updateDestination } from './update-destination.ts';

/** The whole way: a model in PostgreSQL, a worker, and the vendor's API. */
let world: TestWorld;
let vendors: {
  hubspot: Awaited<ReturnType<typeof startHubspot>>;
  slack: Awaited<ReturnType<typeof startSlack>>;
  customerIo: Awaited<ReturnType<typeof startCustomerIo>>;
  braze: Awaited<ReturnType<typeof startBraze>>;
};
const options = () => ({ signal: AbortSignal.timeout(30_000) });

beforeAll(async () => {
  const [hubspot, slack, customerIo, braze] = await Promise.all([
    startHubspot(),
    startSlack(),
    startCustomerIo(),
    startBraze(),
  ]);
  vendors = { hubspot, slack, customerIo, braze };
  world = await openTestWorld({ allow: Object.values(vendors).map(({ port }) => `127.0.0.1:${port}`) });
});
afterAll(async () => {
  await world.close();
  for (const vendor of Object.values(vendors)) {
    await vendor.close();
    expect(vendor.violations).toEqual([]);
  }
});

let connections = 0;
async function connect(type: string, configuration: Record<string, unknown>): Promise<number> {
  connections += 1;
  const name = `${type} ${connections}`;
  return (await createDestination(world.ctx, world.actor, { name, type, configuration })).id;
}
async function table(name: string, rows: string): Promise<number> {
  await world.target.run(`create table ${name} (id int primary key, email text, name text, at timestamptz)`);
  await world.target.run(`insert into ${name} values ${rows}`);
  return world.model({ sql: `select * from ${name}` });
}
async function sync(
  modelId: number,
  destinationId: number,
  configuration: SyncConfigurationInput,
): Promise<number> {
  const input = { modelId, destinationId, schedule: null, disabled: false, tags: {} };
  const created = await createSync(
    world.ctx,
    world.actor,
    { ...input, configuration: SyncConfiguration.parse(configuration) },
    options(),
  );
  return created.id;
}
const column = (from: string, to = from) => ({ type: 'column' as const, from, to });

describe('HubSpot', () => {
  test('gets what changed, and tells of the rows that it refused in its own words', async () => {
    const modelId = await table(
      'people',
      "(1, 'ada@example.com', 'Ada'), (2, 'no address', 'Bob'), (3, 'eve@example.com', 'Eve')",
    );
    const destinationId = await connect('hubspot', {
      accessToken: hubspotToken,
      baseUrl: vendors.hubspot.url,
    });
    const suggested = await suggestMappings(
      world.ctx,
      world.actor,
      { modelId, destinationId, object: 'contacts' },
      options(),
    );
    expect(suggested).toContainEqual(expect.objectContaining({ from: 'email', to: 'email' }));
    const id = await sync(modelId, destinationId, {
      object: 'contacts',
      mode: 'mirror',
      matchKey: { from: 'email', to: 'email' },
      mappings: [column('name', 'firstname')],
      guards: { removedShareMax: null },
    });
    const first = await world.run(id);
    expect(first).toMatchObject({
      status: 'warning',
      counts: { delivered: { added: 2 }, rejected: { added: 1 } },
    });
    const { items } = await listRunRows(
      world.ctx,
      world.actor,
      ListRunRows.parse({ runId: first.id, outcome: 'rejected' }),
    );
    expect(JSON.stringify(items)).toContain('Email address no address is invalid');
    await world.target.run(
      'delete from people where id = 3',
      "update people set name = 'Augusta' where id = 1",
    );
    const second = await world.run(id);
    expect(second.counts).toMatchObject({ delivered: { changed: 1, removed: 1 }, rejected: { added: 1 } });
    expect([...(vendors.hubspot.state.records.contacts?.values() ?? [])]).toEqual([
      { email: 'ada@example.com', firstname: 'Augusta' },
    ]);
  });
});

test('a tool is asked about its fields once in a while, and when somebody wants to know', async () => {
  const id = await connect('hubspot', { accessToken: hubspotToken, baseUrl: vendors.hubspot.url });
  const asked = () =>
    vendors.hubspot.requests.filter(({ path }) => path === '/crm/v3/properties/deals').length;
  const before = asked();
  const describeDeals = (refresh?: boolean) =>
    getObject(world.ctx, world.actor, { id, object: 'deals', refresh }, options());
  const first = await describeDeals();
  expect(await describeDeals()).toEqual(first);
  expect(asked() - before).toBe(1);
  await describeDeals(true);
  expect(asked() - before).toBe(2);
  // Whoever changes the connection may have changed what it sees.
  await updateDestination(world.ctx, world.actor, { id, configuration: { plan: 'professional' } });
  await describeDeals();
  expect(asked() - before).toBe(3);
  const another = await connect('hubspot', {
    accessToken: 'pat-of-somebody-else',
    baseUrl: vendors.hubspot.url,
  });
  await expect(
    getObject(world.ctx, world.actor, { id: another, object: 'deals' }, options()),
  ).rejects.toMatchObject({ code: 'destination_auth' });
});

describe('Slack', () => {
  test('is told of rows that come and go, once each', async () => {
    const modelId = await table('visitors', "(1, 'ada@example.com', 'Ada')");
    const destinationId = await connect('slack', { botToken: slackToken, baseUrl: vendors.slack.url });
    const id = await sync(modelId, destinationId, {
      object: 'messages',
      mode: 'trigger',
      triggers: ['added', 'removed'],
      options: { channel: 'C1', added: '{{ row.name }} came', removed: '{{ row.name }} left' },
      guards: { removedShareMax: null },
    });
    expect((await world.run(id)).status).toBe('success');
    expect((await world.run(id)).counts).toMatchObject({ unchanged: 1, delivered: { added: 0 } });
    await world.target.run('delete from visitors');
    expect((await world.run(id)).status).toBe('success');
    expect(vendors.slack.state.messages.map(({ text }) => text)).toEqual(['Ada came', 'Ada left']);
  });
});

describe('Customer.io', () => {
  test('keeps a segment, whose rows may share a person, and shows a tested row with its answer', async () => {
    const modelId = await table(
      'members',
      "(1, 'ada@example.com', 'Ada'), (2, 'ada@example.com', 'Ada'), (3, 'eve@example.com', 'Eve')",
    );
    const destinationId = await connect('customer-io', {
      ...customerIoKeys,
      region: 'us',
      baseUrl: vendors.customerIo.url,
    });
    const configuration = SyncConfiguration.parse({
      object: 'segment-members',
      mode: 'segment',
      matchKey: { from: 'email', to: 'email' },
      options: { segmentId: '7' },
      guards: { removedShareMax: null },
    });
    const tried = await testRow(
      world.ctx,
      world.actor,
      { modelId, destinationId, configuration, key: '3', class: 'added' },
      options(),
    );
    expect(tried).toMatchObject({ outcome: 'delivered', exchanges: [{ response: { summary: '200 OK' } }] });
    expect(JSON.stringify(tried)).not.toContain(customerIoKeys.apiKey);
    const id = await sync(modelId, destinationId, configuration);
    expect(await world.run(id)).toMatchObject({ status: 'success', counts: { delivered: { added: 3 } } });
    // One of two rows of a person leaves: the person stays.
    await world.target.run('delete from members where id in (2, 3)');
    await world.run(id);
    expect([...(vendors.customerIo.state.segments.get('7') ?? [])]).toEqual(['email:ada@example.com']);
  });
});

describe('Braze', () => {
  test('gets events of new rows only, where the first result is taken as known', async () => {
    const modelId = await table(
      'orders',
      "(1, 'ada@example.com', 'Ordered', now()), (2, 'ada@example.com', 'Ordered', now())",
    );
    const destinationId = await connect('braze', { apiKey: brazeKey, baseUrl: vendors.braze.url });
    const id = await sync(modelId, destinationId, {
      object: 'events',
      mode: 'event',
      firstRun: 'skip',
      matchKey: { from: 'email', to: 'email' },
      mappings: [column('name'), column('at', 'time')],
    });
    expect((await world.run(id)).status).toBe('success');
    expect(vendors.braze.state.events).toEqual([]);
    await world.target.run(
      "insert into orders values (3, 'ada@example.com', 'Ordered', '2026-11-22T10:00:00Z'), (4, 'ada@example.com', 'Ordered', '2026-11-22T11:00:00Z')",
    );
    expect((await world.run(id)).counts.delivered.added).toBe(2);
    expect(vendors.braze.state.events.map(({ time }) => time)).toEqual([
      '2026-11-22T10:00:00.000Z',
      '2026-11-22T11:00:00.000Z',
    ]);
    expect((await world.run(id)).counts.delivered.added).toBe(0);
  });
});
