import { type Actor, authorise } from '@sluice/domain/actor';
import type { SequenceRunView } from '@sluice/domain/sequence';
import type { ServiceContext } from '../context.ts';
import { sequenceRunNotFound, sequenceRunScope } from './sequence-scope.ts';
import { sequenceRunInclude, viewSequenceRuns } from './view-sequence-runs.ts';

/** One run of a sequence with its steps; throws `not_found`. */
export async function getSequenceRun(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: { id: string },
): Promise<SequenceRunView> {
  authorise(actor, 'run.read');
  const row = await ctx.db.sequenceRun.findFirst({
    where: { AND: [sequenceRunScope(actor), { id: input.id }] },
    include: sequenceRunInclude,
  });
  const [view] = row ? await viewSequenceRuns(ctx.db, actor.workspaceId, [row]) : [];
  if (!view) throw sequenceRunNotFound();
  return view;
}
