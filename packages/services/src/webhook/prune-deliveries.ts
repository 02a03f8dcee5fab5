import type { Database } from '@sluice/db/client';

/** Removes deliveries older than their workspace keeps details, those of disabled endpoints that never left included. */
export async function pruneDeliveries(db: Database): Promise<number> {
  return db.$executeRaw`
    delete from webhook_deliveries using workspaces
    where workspaces.id = webhook_deliveries.workspace_id
      and webhook_deliveries.created_at < now() - log_days * interval '1 day'
      and (state <> 'pending' or webhook_deliveries.created_at < now() - interval '2 days')`;
}
