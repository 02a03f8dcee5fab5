import type { Connection } from '@sluice/db/client';
import type { RunTrigger } from '@sluice/domain/run';
import type { ResyncKind } from '@sluice/domain/sync';

interface WantedRun {
  readonly workspaceId: number;
  readonly syncId: number;
  readonly trigger: RunTrigger;
  /** Name of whoever wants it. */
  readonly triggeredBy: string;
  readonly resync: ResyncKind;
  readonly ignoreGuards: boolean;
}

/**
 * The number of the run that will do what is wanted: the one that waits already, made to do this as well, or a new
 * one. Called in a transaction that holds the sync's row; the sync's status and time turn in it.
 */
export async function queueRun(tx: Connection, wanted: WantedRun): Promise<number> {
  return (await joinQueued(tx, wanted)) ?? (await queue(tx, wanted));
}

async function joinQueued(tx: Connection, wanted: WantedRun): Promise<number | null> {
  const { workspaceId, syncId, resync, ignoreGuards } = wanted;
  const rows = await tx.$queryRaw<{ id: number }[]>`
    update runs set
      resync = case when 'full' in (resync, ${resync}) then 'full'
        when 'backfill' in (resync, ${resync}) then 'backfill'
        when 'reset' in (resync, ${resync}) then 'reset' else 'none' end,
      ignore_guards = ignore_guards or ${ignoreGuards}
    where workspace_id = ${workspaceId} and sync_id = ${syncId} and status = 'queued' and selection is null
    returning id`;
  return rows[0]?.id ?? null;
}

async function queue(tx: Connection, wanted: WantedRun): Promise<number> {
  const run = await tx.run.create({ data: wanted, select: { id: true } });
  await tx.$executeRaw`update syncs set status = 'queued', last_run_at = now() where id = ${wanted.syncId}`;
  await tx.$queryRaw`select pg_notify('sluice_runs', ${`queued:${run.id}`})::text`;
  return run.id;
}
