import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '@sluice/db/embedded/start-cluster';
import { ensureDatabase } from '@sluice/db/migration/ensure-database';
import { migrate } from '@sluice/db/migration/migrate';
import { isFinal } from '@sluice/domain/run-status';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { getRun } from './get-run.ts';

const rows = 150;
let directory: string;
let cluster: Cluster;
let world: TestWorld;

const start = async () => {
  cluster = await startCluster({ directory });
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-restart-'));
  await start();
  await ensureDatabase(cluster.url('postgres'), 'sluice');
  await migrate(cluster.url('sluice'));
  world = await openTestWorld({ environment: { DATABASE_URL: cluster.url('sluice') } });
  await world.target.run(
    'create table public.people (id int)',
    `insert into public.people select generate_series(1, ${rows})`,
  );
});
afterAll(async () => {
  await world.close();
  await cluster.stop();
  await rm(directory, { recursive: true, force: true });
});

/** As after the loss of the machine: every process of the server ends where it is, and the log is replayed. */
async function crash(): Promise<void> {
  const [pid] = (await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGQUIT');
  await until('the end of the server', async () => {
    try {
      process.kill(Number(pid), 0);
      return null;
    } catch {
      return true;
    }
  });
  await start();
}

async function restart(): Promise<void> {
  await cluster.stop();
  await start();
}

test.each([
  ['restarts', restart],
  ['crashes', crash],
])(
  'when Sluice’s own database %s in the middle of a run, the run goes on and nothing is lost',
  { timeout: 120_000 },
  async (_, fail) => {
    const modelId = await world.model({ sql: 'select id from public.people' });
    const request = { method: 'POST', url: '/{{ row.id }}', body: '', bodyType: 'none' };
    const sync = await world.sync({
      modelId,
      to: 'http',
      configuration: {
        object: 'request',
        mode: 'trigger',
        options: { added: request, changed: request, removed: request, concurrency: 4 },
      },
    });
    world.server.requests.length = 0;
    let outage: Promise<void> | null = null;
    world.server.handle(() => {
      if (world.server.requests.length >= 40) outage ??= fail();
      return {};
    });
    const { id } = await world.trigger(sync.id);
    await world.server.received(40);
    await outage;
    const run = await until(
      'the end of the run',
      async () => {
        const found = await getRun(world.ctx, world.actor, { id }).catch(() => null);
        return found && isFinal(found.status) ? found : null;
      },
      60_000,
    );
    expect(run).toMatchObject({ status: 'success', counts: { delivered: { added: rows } } });
    const paths = world.server.requests.map(({ path }) => path);
    expect(new Set(paths).size).toBe(rows);
    // At most what was on its way, or announced for it, is sent twice.
    expect(paths.length).toBeLessThanOrEqual(rows + 8);

    world.server.requests.length = 0;
    expect((await world.run(sync.id)).counts.unchanged).toBe(rows);
    expect(world.server.requests).toEqual([]);
  },
);
