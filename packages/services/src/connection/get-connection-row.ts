import type { Connection } from '@sluice/db/client';
import { SluiceError } from '@sluice/domain/error';
import type { ConnectionKind, ConnectionRow } from './connection-kind.ts';

/** The row of this workspace; throws `not_found`, also for a row of another workspace. */
export async function getConnectionRow(
  db: Connection,
  kind: ConnectionKind,
  workspaceId: number,
  id: number,
): Promise<ConnectionRow> {
  const row = await kind.rows.find(db, workspaceId, id);
  if (!row) throw new SluiceError('not_found', `There is no ${kind.noun} ${id} in this workspace.`);
  return row;
}
