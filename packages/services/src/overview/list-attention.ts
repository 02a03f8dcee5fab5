import { type MissReason, overdueSince } from '@sluice/domain/missed-schedule';
import { pendingWords } from '@sluice/domain/pending-words';
import type { RunStatus } from '@sluice/domain/run-status';
import { isHeld } from '@sluice/domain/sync-health';
import type { AttentionItem } from '@sluice/domain/workspace';
import type { ServiceContext } from '../context.ts';
import { runCountsOf } from '../run/run-view.ts';
import { pauseOf } from '../sync-health/stored-pause.ts';

const itemsMax = 10;

interface Candidate {
  id: number;
  slug: string;
  pause: unknown;
  pausedUntil: Date | null;
  nextRunAt: Date | null;
  status: RunStatus | null;
  finishedAt: Date | null;
  error: string | null;
  counts: unknown;
  missReason: MissReason | null;
  missedAt: Date | null;
  missedTimes: number | null;
  now: Date;
}

/** The syncs of a workspace that need attention, each with its weightiest reason; those that have stopped come first. */
export async function listAttention(ctx: ServiceContext, workspaceId: number): Promise<AttentionItem[]> {
  const rows = await ctx.db.$queryRaw<Candidate[]>`
    select sync.id, sync.slug, sync.pause, sync.paused_until as "pausedUntil", sync.next_run_at as "nextRunAt",
      newest.status, newest.finished_at as "finishedAt", newest.error ->> 'message' as error, newest.counts,
      missed.reason as "missReason", missed.last_at as "missedAt", missed.times as "missedTimes", now() as now
    from syncs sync
    left join lateral (
      select * from runs where runs.sync_id = sync.id and finished_at is not null order by id desc limit 1
    ) newest on true
    left join lateral (
      select * from missed_schedules where missed_schedules.sync_id = sync.id
        and (ended_at is null or last_at > now() - interval '1 day') order by id desc limit 1
    ) missed on true
    where sync.workspace_id = ${workspaceId} and not sync.disabled
      and (newest.status in ('failed', 'warning', 'interrupted') or sync.pause is not null
        or missed.id is not null or sync.next_run_at < now() - interval '2 minutes')
    order by coalesce(newest.finished_at, sync.created_at) desc limit 1000`;
  return rows
    .flatMap((row) => itemOf(row) ?? [])
    .toSorted((a, b) => weight[a.kind] - weight[b.kind] || b.at.getTime() - a.at.getTime())
    .slice(0, itemsMax);
}

const weight: Record<AttentionItem['kind'], number> = { overdue: 0, paused: 1, run: 2, missed: 3 };

function itemOf(row: Candidate): AttentionItem | null {
  const { id, slug, now, status } = row;
  const base = { syncId: id, slug, status: status ?? ('pending' as const), until: null };
  const pause = pauseOf(row);
  if (pause && isHeld(pause, now)) {
    return { ...base, kind: 'paused', message: pause.message, at: pause.since, until: pause.until };
  }
  const overdue = overdueSince({ nextRunAt: row.nextRunAt, disabled: false }, now);
  if (overdue) {
    const message = 'The schedule should have started a run, and no worker did.';
    return { ...base, kind: 'overdue', message, at: overdue };
  }
  if (status && status !== 'success' && status !== 'cancelled' && row.finishedAt) {
    return { ...base, kind: 'run', message: row.error ?? pendingText(row.counts), at: row.finishedAt };
  }
  if (!row.missReason || !row.missedAt || !row.missedTimes) return null;
  return {
    ...base,
    kind: 'missed',
    message: missedText(row.missReason, row.missedTimes),
    at: row.missedAt,
  };
}

function pendingText(counts: unknown): string {
  const words = pendingWords(runCountsOf(counts));
  return words === null ? 'The run ended without a result.' : `Rows are pending: ${words}.`;
}

function missedText(reason: MissReason, times: number): string {
  const what =
    times === 1
      ? '1 scheduled time was missed'
      : `${times.toLocaleString('en-US')} scheduled times were missed`;
  const why = {
    paused: 'the schedule was paused',
    no_worker: 'no worker was running',
    queue_behind: 'a run was still waiting for its turn',
  };
  return `${what}: ${why[reason]}.`;
}
