// The product: a worker process that takes the one run that is waiting and executes it. The time is the run's own.
import { openContext } from '@sluice/services/open-context';
import { startRunExecutor } from '@sluice/services/run/start-run-executor';
import { readSettings, ServiceEnvironment } from '@sluice/services/settings';
import { measure, startWatch } from './measure.ts';

await measure(async ({ runId }: { runId: number }) => {
  const ctx = openContext(readSettings(ServiceEnvironment, process.env), { name: 'bench' });
  const watch = startWatch();
  const executor = startRunExecutor(ctx, { slots: 1, perWorkspaceMax: 1, lookMs: 200 });
  for (;;) {
    const run = await ctx.db.run.findUniqueOrThrow({ where: { id: runId } });
    if (run.finishedAt && run.startedAt) {
      if (run.status !== 'success') throw new Error(`run ${run.status}: ${JSON.stringify(run.error)}`);
      await executor.stop({ withinMs: 5_000 });
      if (process.env.BENCH_STAGES) process.stderr.write(`${stagesOf(run.stages)}\n`);
      return { cpuMs: watch().cpuMs, ms: run.finishedAt.getTime() - run.startedAt.getTime() };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
});
process.exit(0);

function stagesOf(stages: unknown): string {
  return (stages as { stage: string; startedAt: string; finishedAt: string }[])
    .map(
      ({ stage, startedAt, finishedAt }) => `${stage} ${Date.parse(finishedAt) - Date.parse(startedAt)} ms`,
    )
    .join(', ');
}
