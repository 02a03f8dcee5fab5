import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { RunStatus } from '@sluice/domain/run-status';
import type { StoredPlan } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { FrozenSpecification } from './frozen-specification.ts';
import { runScope } from './run-scope.ts';

export interface PlannedRun {
  readonly id: number;
  readonly workspaceId: number;
  readonly status: RunStatus;
  /** `null` before planning was finished. */
  readonly plan: StoredPlan | null;
  readonly specification: FrozenSpecification | null;
  /** Why the run failed; `null` if it did not. */
  readonly errorCode: string | null;
}

/** A run with its plan, for those who may see rows. Throws `not_found`, and `plan_missing` after retention. */
export async function loadPlan(ctx: ServiceContext, actor: Actor, runId: number): Promise<PlannedRun> {
  authorise(actor, 'run.rows');
  const run = await ctx.db.run.findFirst({
    where: { AND: [runScope(actor), { id: runId }] },
    select: {
      id: true,
      workspaceId: true,
      status: true,
      plan: true,
      specification: true,
      prunedAt: true,
      resultsPrunedAt: true,
      error: true,
    },
  });
  if (!run) throw new SluiceError('not_found', `There is no run ${runId} in this workspace.`);
  if (run.prunedAt || run.resultsPrunedAt) {
    throw new SluiceError('plan_missing', `The rows of run ${runId} are no longer kept.`);
  }
  return {
    id: run.id,
    workspaceId: run.workspaceId,
    status: run.status as RunStatus,
    plan: run.plan as StoredPlan | null,
    errorCode: (run.error as { code: string } | null)?.code ?? null,
    specification: run.specification ? FrozenSpecification.parse(run.specification) : null,
  };
}
