import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { RunView } from '@sluice/domain/run';
import type { ServiceContext } from '../context.ts';
import { runScope } from './run-scope.ts';
import { runSelect, runView } from './run-view.ts';

/** One run. Throws `not_found`. */
export async function getRun(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<RunView> {
  authorise(actor, 'run.read');
  const run = await ctx.db.run.findFirst({
    where: { AND: [runScope(actor), { id: input.id }] },
    select: runSelect,
  });
  if (!run) throw new SluiceError('not_found', `There is no run ${input.id} in this workspace.`);
  return runView(run);
}
