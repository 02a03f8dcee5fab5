import type { Database } from '@sluice/db/client';
import type { RunView } from '@sluice/domain/run';
import { type RunRecord, runView } from '../run/run-view.ts';

type LastRun = Omit<RunRecord, 'sync'> & {
  slug: string;
  modelName: string;
  destinationName: string;
  destinationType: string;
};

/**
 * The newest run of each sync, by sync id. One statement, since every list and answer about syncs makes it, and one index
 * probe a sync, however many runs there are.
 */
export async function listLastRuns(
  db: Database,
  workspaceId: number,
  syncIds: readonly number[],
): Promise<Map<number, RunView>> {
  if (syncIds.length === 0) return new Map();
  const runs = await db.$queryRaw<LastRun[]>`
    select run.id, run.sync_id as "syncId", run.status, run.trigger, run.triggered_by as "triggeredBy", run.resync,
      run.counts, run.completion_ratio as "completionRatio", run.progress, run.pace, run.stages, run.error,
      run.created_at as "createdAt", run.started_at as "startedAt", run.finished_at as "finishedAt",
      run.cancel_requested_at as "cancelRequestedAt", sync.slug, model.name as "modelName",
      destination.name as "destinationName", destination.type as "destinationType"
    from syncs sync
    join models model on model.id = sync.model_id
    join destinations destination on destination.id = sync.destination_id
    cross join lateral (
      select * from runs where sync_id = sync.id and workspace_id = ${workspaceId} order by id desc limit 1
    ) run
    where sync.workspace_id = ${workspaceId} and sync.id = any(${[...syncIds]}::int[])`;
  return new Map(
    runs.map(({ slug, modelName, destinationName, destinationType, ...run }) => [
      run.syncId,
      runView({
        ...run,
        sync: {
          slug,
          model: { name: modelName },
          destination: { name: destinationName, type: destinationType },
        },
      }),
    ]),
  );
}
