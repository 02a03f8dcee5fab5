import type { Database } from '@sluice/db/client';

/**
 * Removes sequence runs that ended longer ago than their workspace keeps runs, except the newest of each sequence.
 * The runs of their syncs stay. Answers how many.
 */
export async function pruneSequenceRuns(db: Database): Promise<number> {
  return db.$executeRaw`
    delete from sequence_runs this using workspaces
    where workspaces.id = this.workspace_id
      and this.finished_at < now() - workspaces.run_days * interval '1 day'
      and exists (
        select 1 from sequence_runs newer where newer.sequence_id = this.sequence_id and newer.number > this.number)`;
}
