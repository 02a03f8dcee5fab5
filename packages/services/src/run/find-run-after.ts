import { type Actor, authorise } from '@sluice/domain/actor';
import type { RunView } from '@sluice/domain/run';
import type { ServiceContext } from '../context.ts';
import { runScope } from './run-scope.ts';
import { runSelect, runView } from './run-view.ts';

/** The run of a sync right after (`step` 1) or right before (-1) another one; `null` when there is none. */
export async function findRunAfter(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: { syncId: number; runId: number; step: 1 | -1 },
): Promise<RunView | null> {
  authorise(actor, 'run.read');
  const { syncId, runId, step } = input;
  const run = await ctx.db.run.findFirst({
    where: { AND: [runScope(actor), { syncId, id: step === 1 ? { gt: runId } : { lt: runId } }] },
    orderBy: { id: step === 1 ? 'asc' : 'desc' },
    select: runSelect,
  });
  return run && runView(run);
}
