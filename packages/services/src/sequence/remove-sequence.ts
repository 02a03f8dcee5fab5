import { type Actor, authorise } from '@sluice/domain/actor';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { getSequenceRow } from './get-sequence.ts';
import { lockSequence } from './lock-sequence.ts';

/**
 * Removes a sequence with the history of its runs. Its syncs and their runs stay; a sync that is running goes on, and
 * no further step starts. Throws `not_found`.
 */
export async function removeSequence(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: string },
): Promise<void> {
  authorise(actor, 'sync.write');
  const { workspaceId } = actor;
  await ctx.db.$transaction(async (tx) => {
    await lockSequence(tx, actor, input.id);
    const { id, name } = await getSequenceRow(tx, actor, input.id);
    await tx.sequence.delete({ where: { workspaceId_id: { workspaceId, id } } });
    await audit(tx, actor, {
      action: 'sequence.remove',
      subjectType: 'sequence',
      subjectId: null,
      subjectName: name,
    });
  });
}
