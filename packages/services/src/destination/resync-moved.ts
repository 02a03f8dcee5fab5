import type { Connection } from '@sluice/db/client';
import type { Actor } from '@sluice/domain/actor';
import { audit } from '../audit/record-audit.ts';
import type { ConnectionRow } from '../connection/connection-kind.ts';

/**
 * Has every sync of a destination that now leads elsewhere send all rows with its next run: its ledger says what the
 * system before holds.
 */
export async function resyncMoved(
  tx: Connection,
  actor: Actor,
  { workspaceId, id }: ConnectionRow,
): Promise<void> {
  const syncs = await tx.sync.findMany({
    where: { workspaceId, destinationId: id, ledgerKey: { not: null }, pendingResync: { not: 'full' } },
    select: { id: true, slug: true, pendingResync: true },
    orderBy: { id: 'asc' },
  });
  await tx.sync.updateMany({
    where: { workspaceId, id: { in: syncs.map((sync) => sync.id) } },
    data: { pendingResync: 'full' },
  });
  for (const sync of syncs) {
    await audit(tx, actor, {
      action: 'sync.update',
      subjectType: 'sync',
      subjectId: sync.id,
      subjectName: sync.slug,
      changes: { pendingResync: [sync.pendingResync, 'full'] },
    });
  }
}
