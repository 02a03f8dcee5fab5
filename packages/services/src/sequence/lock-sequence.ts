import type { Connection } from '@sluice/db/client';
import type { Actor } from '@sluice/domain/actor';

/** Holds a sequence for the rest of the transaction: triggers, edits and the scheduler take turns here. */
export async function lockSequence(tx: Connection, actor: Actor, id: string): Promise<void> {
  await tx.$queryRaw`
    select 1 from sequences where workspace_id = ${actor.workspaceId} and id = ${id}::uuid for update`;
}
