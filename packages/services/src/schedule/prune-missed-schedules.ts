import type { Database } from '@sluice/db/client';

/** Removes missed schedules that ended longer ago than their workspace keeps logs. Answers how many. */
export async function pruneMissedSchedules(db: Database): Promise<number> {
  return db.$executeRaw`
    delete from missed_schedules using workspaces
    where workspaces.id = missed_schedules.workspace_id and ended_at < now() - log_days * interval '1 day'`;
}
