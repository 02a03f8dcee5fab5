import { Prisma } from '@sluice/db/generated/client';

/**
 * Writes one delivery for every endpoint that wants to hear of these runs, with sync and run as they are now. Part of
 * the statement or transaction that changes the runs, so that neither is on disk without the other. `changed` names
 * rows of `runs`; sending them is the worker's business.
 */
export function queueDeliveries(changed: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    insert into webhook_deliveries (workspace_id, endpoint_id, event, run_id, snapshot)
    select endpoint.workspace_id, endpoint.id, told.event, told.id, told.snapshot
    from (${tell(changed)}) told
    join webhook_endpoints endpoint on endpoint.workspace_id = told.workspace_id
      and not endpoint.disabled and told.event = any(endpoint.events)`;
}

/** What deliveries keep of a `sync` with its `model` and `destination`. */
export const syncSnapshot = Prisma.sql`jsonb_build_object('id', sync.id, 'slug', sync.slug,
  'modelId', model.id, 'model', model.name,
  'destinationId', destination.id, 'destination', destination.name, 'destinationType', destination.type)`;

/** Rows `id`, `workspace_id`, `event` and `snapshot` of these runs. */
export function tell(changed: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select run.id, run.workspace_id,
      case run.status when 'querying' then 'run.started' when 'success' then 'run.succeeded'
        when 'warning' then 'run.warning' when 'cancelled' then 'run.cancelled' else 'run.failed' end as event,
      jsonb_build_object('at', now(), 'workspaceSlug', workspace.slug,
        'sync', ${syncSnapshot},
        'run', jsonb_build_object('id', run.id, 'status', run.status, 'trigger', run.trigger,
          'triggeredBy', run.triggered_by, 'resync', run.resync, 'createdAt', run.created_at,
          'startedAt', run.started_at, 'finishedAt', run.finished_at, 'counts', run.counts, 'error', run.error)
      ) as snapshot
    from ${changed} run
    join workspaces workspace on workspace.id = run.workspace_id
    join syncs sync on sync.id = run.sync_id
    join models model on model.id = sync.model_id
    join destinations destination on destination.id = sync.destination_id`;
}
