import type { Database } from '@sluice/db/client';
import type { SequenceRunView } from '@sluice/domain/sequence';
import { sequenceRunInclude, viewSequenceRuns } from './view-sequence-runs.ts';

/** The run that goes on, else the newest, of each sequence, by its id. Two index probes a sequence. */
export async function listLastSequenceRuns(
  db: Database,
  workspaceId: number,
  sequenceIds: readonly string[],
): Promise<Map<string, SequenceRunView>> {
  if (sequenceIds.length === 0) return new Map();
  const found = await db.$queryRaw<{ id: string | null }[]>`
    select coalesce(
      (select id from sequence_runs where sequence_id = sequence.id and workspace_id = ${workspaceId}
        and status = 'running'),
      (select id from sequence_runs where sequence_id = sequence.id and workspace_id = ${workspaceId}
        order by number desc limit 1)) as id
    from unnest(${[...sequenceIds]}::uuid[]) as sequence (id)`;
  const ids = found.flatMap(({ id }) => (id === null ? [] : [id]));
  const rows = await db.sequenceRun.findMany({
    where: { workspaceId, id: { in: ids } },
    include: sequenceRunInclude,
  });
  const views = await viewSequenceRuns(db, workspaceId, rows);
  return new Map(views.map((view) => [view.sequenceId, view]));
}
