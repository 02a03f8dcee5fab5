import type { Connection } from '@sluice/db/client';
import { Prisma } from '@sluice/db/generated/client';
import { toJsonOrNull } from '@sluice/db/json';
import type { Actor } from '@sluice/domain/actor';
import type { SyncPause } from '@sluice/domain/sync-health';
import { audit } from '../audit/record-audit.ts';
import { pauseChange, pauseChanges, tellPause } from './report-pause.ts';
import { healthOf, pauseJson } from './stored-pause.ts';

/**
 * Sets or lifts the pause of a sync whose row the transaction holds, with the audit entry and what webhooks hear of it.
 * A lifted one forgets the failures. Times that were missed meanwhile are made up for by one run at once, unless
 * `catchUp` is false: then the schedule goes on with its next time. Answers whether something changed.
 */
export async function changePause(
  tx: Connection,
  actor: Actor,
  input: { syncId: number; pause: SyncPause | null; catchUp?: boolean },
): Promise<boolean> {
  const { workspaceId } = actor;
  const where = { workspaceId_id: { workspaceId, id: input.syncId } };
  const sync = await tx.sync.findUniqueOrThrow({ where });
  const before = healthOf(sync);
  const failures = input.pause ? before.failures : 0;
  const change = pauseChange(before, { failures, pause: input.pause });
  if (!change) return false;
  const missed = { syncId: input.syncId, reason: 'paused', endedAt: null };
  const catchUp =
    input.pause === null &&
    input.catchUp !== false &&
    sync.nextRunAt !== null &&
    (await tx.missedSchedule.count({ where: missed })) > 0;
  await tx.sync.update({
    where,
    data: {
      failures,
      pause: toJsonOrNull(input.pause && pauseJson(input.pause)),
      pausedUntil: input.pause?.until ?? null,
      ...(catchUp && { nextRunAt: new Date() }),
    },
  });
  if (input.pause === null && !catchUp) {
    await tx.missedSchedule.updateMany({ where: missed, data: { endedAt: new Date() } });
  }
  await audit(tx, actor, {
    action: change.event === 'sync.paused' ? 'sync.pause' : 'sync.resume',
    subjectType: 'sync',
    subjectId: sync.id,
    subjectName: sync.slug,
    changes: pauseChanges(change),
  });
  await tx.$executeRaw(
    tellPause(change, Prisma.sql`(select ${sync.id}::int as sync_id, ${change.pause.runId}::int as run_id)`),
  );
  return true;
}
