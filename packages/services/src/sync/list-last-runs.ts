import type { Database } from '@sluice/db/client';
import type { RunView } from '@sluice/domain/run';
import { runSelect, runView } from '../run/run-view.ts';

/** The newest run of each sync, by sync id. One index probe a sync, however many runs there are. */
export async function listLastRuns(
  db: Database,
  workspaceId: number,
  syncIds: readonly number[],
): Promise<Map<number, RunView>> {
  if (syncIds.length === 0) return new Map();
  const newest = await db.$queryRaw<{ id: number }[]>`
    select run.id
    from unnest(${[...syncIds]}::int[]) as sync (id)
    cross join lateral (
      select id from runs where sync_id = sync.id and workspace_id = ${workspaceId} order by id desc limit 1
    ) as run`;
  const runs = await db.run.findMany({
    where: { workspaceId, id: { in: newest.map(({ id }) => id) } },
    select: runSelect,
  });
  return new Map(runs.map((run) => [run.syncId, runView(run)]));
}
