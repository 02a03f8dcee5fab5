// Databases that cannot be reached for a moment when a run opens them, and one that does not let it in.
import { startTcpProxy, type TcpProxy } from '@sluice/testing/tcp-proxy';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createDestination } from '../destination/create-destination.ts';
import { createSource } from '../source/create-source.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { startTargetPostgres, type TargetPostgres } from '../testing/start-target-postgres.ts';
import { sendAttemptsMax } from './run-limits.ts';

// Each run has to give up, wait and try again on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 });

let customer: TargetPostgres;
let source: TcpProxy;
let destination: TcpProxy;
let world: TestWorld;
beforeAll(async () => {
  customer = await startTargetPostgres();
  const server = { host: '127.0.0.1', port: Number(customer.configuration.port) };
  [source, destination] = await Promise.all([startTcpProxy(server), startTcpProxy(server)]);
  const allow = [source, destination].map(({ host, port }) => `${host}:${port}`);
  world = await openTestWorld({ allow });
  await customer.run(
    'create table people (id int primary key, name text)',
    'create table crm (id int primary key, name text)',
    "insert into people values (1, 'Ann')",
    "create role writer login password 'first'",
    'grant all on crm to writer',
  );
});
afterAll(async () => {
  await world.close();
  await Promise.all([source.close(), destination.close(), customer.stop()]);
});
beforeEach(() => customer.run('truncate crm'));

/** A sync whose both ends are behind a proxy. */
async function copying(): Promise<number> {
  const { ctx, actor } = world;
  const at = ({ host, port }: TcpProxy, user = {}) => ({
    type: 'postgresql',
    configuration: { ...customer.configuration, host, port, ...user },
  });
  const writer = { user: 'writer', password: 'first' };
  const from = await createSource(ctx, actor, { name: 'People', ...at(source) });
  const to = await createDestination(ctx, actor, { name: 'CRM', ...at(destination, writer) });
  const modelId = await world.model({ sql: 'select id, name from people', sourceId: from.id });
  const { id } = await world.sync({
    modelId,
    to: to.id,
    configuration: {
      object: 'public.crm',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'name', to: 'name' }],
    },
  });
  return id;
}

test.each([
  ['source', () => source, 'extract'],
  ['destination', () => destination, 'deliver'],
] as const)('a %s that refuses a few connections is asked again', async (name, proxy, stage) => {
  const syncId = await copying();
  proxy().refuse(sendAttemptsMax - 1);
  const run = await world.run(syncId);
  expect(run).toMatchObject({ status: 'success', counts: { delivered: { added: 1 } } });
  const told = await world.ctx.db.runEvent.findMany({
    where: { runId: run.id, stage, level: 'warning', message: { contains: `The ${name} is asked again` } },
  });
  expect(told).toHaveLength(sendAttemptsMax - 1);
});

test.each([
  ['source', () => source],
  ['destination', () => destination],
] as const)(
  'a %s that refuses every connection is asked as often as a batch is sent',
  async (name, proxy) => {
    const syncId = await copying();
    const before = proxy().asked;
    proxy().refuse(sendAttemptsMax);
    const run = await world.run(syncId);
    expect(run).toMatchObject({ status: 'failed', error: { code: `${name}_unreachable` } });
    expect(proxy().asked - before).toBe(sendAttemptsMax);
    expect((await world.run(syncId)).status).toBe('success');
  },
);

test('a destination that refuses the password is asked once', async () => {
  const syncId = await copying();
  const before = destination.asked;
  await customer.run("alter role writer password 'second'");
  const run = await world.run(syncId);
  expect(run).toMatchObject({ status: 'failed', error: { code: 'destination_auth' } });
  expect(destination.asked - before).toBe(1);
});
