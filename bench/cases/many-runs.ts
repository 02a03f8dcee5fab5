import { setTimeout } from 'node:timers/promises';
import { createCustomer } from '@sluice/services/testing/create-customer';
import { until } from '@sluice/testing/until';
import type { BenchCase, Measured } from '../bench-case.ts';
import type { Place } from '../place.ts';
import { parentOf, treeMs } from '../processor-time.ts';
import { startWorker } from '../worker.ts';

const syncs = Number(process.env.MANY_RUNS ?? 1_000);
const workspaces = Math.max(1, Math.round(syncs / 20));

/** Schedules of 50 workspaces that are all due in the same moment, for two workers: how late the last run begins. */
export const manyRuns: BenchCase = {
  name: 'many-runs',
  title: `${syncs.toLocaleString('en-US')} syncs due at once, two workers, until the last one starts (limit: a minute)`,
  ratioMax: 1,
  rowsMax: 100_000,
  async measure(place) {
    const { ctx, target } = place.world;
    await Promise.all(
      Array.from({ length: workspaces }, (_, index) =>
        createCustomer(ctx, {
          name: `customer-${index}`,
          syncs: syncs / workspaces,
          sql: 'select id, email from public.people where id <= 10',
          source: target.configuration,
          apiUrl: place.receiverUrl,
        }),
      ),
    );
    const workers = await Promise.all([startWorker(place.environment), startWorker(place.environment)]);
    try {
      const parts = await partsOf(
        place,
        workers.map(({ pid }) => pid),
      );
      const before = await timesOf(parts);
      const product = await lastStart(place);
      const after = await timesOf(parts);
      const spent = parts.map(({ name }, index) => ({
        name,
        ms: (after[index] ?? 0) - (before[index] ?? 0),
      }));
      if (process.env.BENCH_STAGES) {
        for (const { name, ms } of spent)
          process.stdout.write(`${name}: ${(ms / syncs).toFixed(1)} ms a run\n`);
      }
      const cpuMs = spent.reduce((sum, { ms }) => sum + ms, 0);
      return [{ limit: { ms: 60_000, cpuMs: 0, peakMb: 0 }, product: { ...product, cpuMs } }];
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
    }
  },
};

interface Part {
  readonly name: string;
  readonly pids: readonly number[];
}

/** Who works for a run: the processors of the machine are theirs together. */
async function partsOf({ world: { ctx, target }, receiverPid }: Place, workers: number[]): Promise<Part[]> {
  const ask = 'select pg_backend_pid() as pid';
  const [own] = await ctx.db.$queryRawUnsafe<{ pid: number }[]>(ask);
  const [customers] = await target.query<{ pid: number }>(ask);
  return [
    { name: 'workers', pids: workers },
    { name: "Sluice's PostgreSQL", pids: [await parentOf(own?.pid ?? 0)] },
    { name: 'source', pids: [await parentOf(customers?.pid ?? 0)] },
    { name: 'receiver', pids: [receiverPid] },
  ];
}

const timesOf = (parts: readonly Part[]): Promise<number[]> =>
  Promise.all(
    parts.map(async ({ pids }) => (await Promise.all(pids.map(treeMs))).reduce((sum, ms) => sum + ms, 0)),
  );

async function lastStart({ world: { ctx } }: Place): Promise<Measured> {
  const [now] = await ctx.db.$queryRaw<{ due: Date }[]>`select date_trunc('second', now()) as due`;
  const due = now?.due ?? new Date();
  await ctx.db.$executeRaw`
    update syncs set next_run_at = ${due}, schedule_anchor = now(),
      schedule = '{"type": "interval", "every": 1, "unit": "day"}'::jsonb
    where workspace_id in (select id from workspaces where slug like 'customer-%')`;
  const ofCustomers = { sync: { workspace: { slug: { startsWith: 'customer-' } } } };
  await until(
    'the runs',
    async () => {
      // Looking costs what is measured.
      await setTimeout(500);
      return (await ctx.db.run.count({ where: { ...ofCustomers, finishedAt: { not: null } } })) >= syncs;
    },
    600_000,
  );
  const runs = await ctx.db.run.findMany({
    where: ofCustomers,
    select: { status: true, startedAt: true },
  });
  const wrong = runs.filter(({ status }) => status !== 'success').length;
  if (runs.length !== syncs || wrong > 0) throw new Error(`${runs.length} runs, ${wrong} of them failed`);
  const late = runs.map(({ startedAt }) => Number(startedAt) - Number(due));
  return { ms: Math.max(...late), cpuMs: 0, peakMb: 0 };
}
