import { Prisma } from '@sluice/db/generated/client';
import { syncSnapshot } from './queue-deliveries.ts';

/**
 * Writes one delivery for every endpoint that wants to hear of these syncs, part of the statement or transaction that
 * changes them. `changed` answers `sync_id`, `event`, `run_id` and `part`, which joins the snapshot (`pause`, `missed`).
 */
export function queueSyncDeliveries(changed: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    insert into webhook_deliveries (workspace_id, endpoint_id, event, run_id, snapshot)
    select endpoint.workspace_id, endpoint.id, told.event, told.run_id,
      jsonb_build_object('at', now(), 'workspaceSlug', workspace.slug, 'sync', ${syncSnapshot}, 'run', null) || told.part
    from ${changed} told
    join syncs sync on sync.id = told.sync_id
    join workspaces workspace on workspace.id = sync.workspace_id
    join models model on model.id = sync.model_id
    join destinations destination on destination.id = sync.destination_id
    join webhook_endpoints endpoint on endpoint.workspace_id = sync.workspace_id
      and not endpoint.disabled and told.event = any(endpoint.events)`;
}
