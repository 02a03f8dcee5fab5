import type { Connection } from '@sluice/db/client';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { SequenceView } from '@sluice/domain/sequence';
import type { ServiceContext } from '../context.ts';
import { listLastSequenceRuns } from './list-last-sequence-runs.ts';
import { sequenceNotFound, sequenceScope } from './sequence-scope.ts';
import { sequenceInclude, sequenceView } from './sequence-view.ts';

/** One sequence with its steps and its newest run; throws `not_found`. */
export async function getSequence(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: { id: string },
): Promise<SequenceView> {
  authorise(actor, 'sync.read');
  const row = await getSequenceRow(ctx.db, actor, input.id);
  const runs = await listLastSequenceRuns(ctx.db, actor.workspaceId, [row.id]);
  return sequenceView(row, runs.get(row.id) ?? null);
}

/** The stored sequence with its steps, for other use cases of the same actor; throws `not_found`. */
export async function getSequenceRow(db: Connection, actor: Actor, id: string) {
  const row = await db.sequence.findFirst({
    where: { AND: [sequenceScope(actor), { id }] },
    include: sequenceInclude,
  });
  if (!row) throw sequenceNotFound();
  return row;
}
