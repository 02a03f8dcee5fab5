import { Prisma } from '@sluice/db/generated/client';
import { isSamePause, type SyncHealth, type SyncPause } from '@sluice/domain/sync-health';
import { queueSyncDeliveries } from '../webhook/queue-sync-deliveries.ts';
import { pauseJson } from './stored-pause.ts';

/** What there is to tell of a change of health; the pause is the one that began or ended. */
export interface PauseChange {
  readonly event: 'sync.paused' | 'sync.resumed';
  readonly pause: SyncPause;
}

/** `null` when the schedule goes on, or holds still, for the same reason as before. */
export function pauseChange(before: SyncHealth, after: SyncHealth): PauseChange | null {
  if (after.pause && !isSamePause(before.pause, after.pause)) {
    return { event: 'sync.paused', pause: after.pause };
  }
  return before.pause && !after.pause ? { event: 'sync.resumed', pause: before.pause } : null;
}

/** What webhooks hear of a change, as an insert. `syncs` answers `sync_id` and `run_id`; without a change nobody hears. */
export function tellPause(change: PauseChange | null, syncs: Prisma.Sql): Prisma.Sql {
  const pause = change && { ...pauseJson(change.pause), until: change.pause.until?.toISOString() ?? null };
  return queueSyncDeliveries(Prisma.sql`(
    select changed.sync_id, ${change?.event ?? null}::text as event, changed.run_id,
      jsonb_build_object('pause', ${JSON.stringify(pause)}::jsonb) as part
    from ${syncs} changed where ${change !== null})`);
}

/** The audit entry of a change that Sluice makes by itself, as an insert. `syncs` as above. */
export function auditPause(change: PauseChange | null, syncs: Prisma.Sql, requestId: string): Prisma.Sql {
  const action = change?.event === 'sync.resumed' ? 'sync.resume' : 'sync.pause';
  return Prisma.sql`
    insert into audit_entries (workspace_id, actor_kind, actor, action, subject_type, subject_id, subject_name,
      changes, request_id)
    select sync.workspace_id, 'system', 'Sluice', ${action}, 'sync', sync.id, sync.slug,
      ${JSON.stringify(pauseChanges(change))}::jsonb, ${requestId}
    from ${syncs} changed join syncs sync on sync.id = changed.sync_id where ${change !== null}`;
}

/** Field → [before, after] of a pause that began or ended, for the audit log. */
export function pauseChanges(change: PauseChange | null): Record<string, [unknown, unknown]> {
  if (!change) return {};
  const { kind, code, message } = change.pause;
  const words = code === null ? kind : `${kind} (${code}): ${message}`;
  return { pause: change.event === 'sync.paused' ? [null, words] : [words, null] };
}
