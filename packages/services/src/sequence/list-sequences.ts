import { type Actor, authorise } from '@sluice/domain/actor';
import type { SequenceView } from '@sluice/domain/sequence';
import type { ServiceContext } from '../context.ts';
import { listLastSequenceRuns } from './list-last-sequence-runs.ts';
import { sequenceScope } from './sequence-scope.ts';
import { sequenceInclude, sequenceView } from './sequence-view.ts';

/** Every sequence that the actor may see, by name. */
export async function listSequences(ctx: Pick<ServiceContext, 'db'>, actor: Actor): Promise<SequenceView[]> {
  authorise(actor, 'sync.read');
  const rows = await ctx.db.sequence.findMany({
    where: sequenceScope(actor),
    include: sequenceInclude,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
  const runs = await listLastSequenceRuns(
    ctx.db,
    actor.workspaceId,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => sequenceView(row, runs.get(row.id) ?? null));
}
