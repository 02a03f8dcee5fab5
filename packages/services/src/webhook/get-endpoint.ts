import type { Connection } from '@sluice/db/client';
import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';

/** The stored endpoint, locked until the transaction ends. Throws `not_found`. */
export async function getEndpoint(tx: Connection, actor: Actor, id: number) {
  const { workspaceId } = actor;
  await tx.$queryRaw`
    select 1 from webhook_endpoints where id = ${id} and workspace_id = ${workspaceId} for update`;
  const found = await tx.webhookEndpoint.findFirst({ where: { id, workspaceId } });
  if (!found) throw webhookNotFound();
  return found;
}

export const webhookNotFound = (): SluiceError =>
  new SluiceError('not_found', 'There is no such webhook in this workspace.');
