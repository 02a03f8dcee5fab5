import { createCustomer } from '@sluice/services/testing/create-customer';
import { until } from '@sluice/testing/until';
import type { BenchCase, Measured } from '../bench-case.ts';
import type { Place } from '../place.ts';
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
      return [{ limit: { ms: 60_000, cpuMs: 0, peakMb: 0 }, product: await lastStart(place) }];
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
    }
  },
};

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
    async () => (await ctx.db.run.count({ where: { ...ofCustomers, finishedAt: { not: null } } })) >= syncs,
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
