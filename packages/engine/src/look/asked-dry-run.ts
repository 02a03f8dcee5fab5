import { openDuck } from '../duck.ts';
import { type AskedSelection, planAsked } from '../plan/plan-asked.ts';
import type { PastRun } from '../ports.ts';
import type { DraftSpecification, EnginePorts } from '../run.ts';
import { type DryRun, describeDryRun } from './dry-run.ts';

/** Plans a replay or a revert without sending or storing anything. Throws what `planAsked` throws. */
export async function askedDryRun(
  spec: DraftSpecification,
  selection: AskedSelection,
  ports: EnginePorts & { readonly past: PastRun },
): Promise<DryRun> {
  const startedAt = performance.now();
  const duck = await openDuck({ workDirectory: ports.workDirectory, ...ports.duckdb, signal: ports.signal });
  try {
    await duck.widen();
    const made = await planAsked(duck, spec, selection, ports);
    return await describeDryRun(duck, spec, ports, made, startedAt);
  } finally {
    duck.close();
  }
}
