import { isDeepStrictEqual } from 'node:util';
import { toJson, toJsonOrNull } from '@sluice/db/json';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { Rollout } from '@sluice/domain/edit-effect';
import type { Schedule } from '@sluice/domain/schedule';
import { type ResyncKind, SyncConfiguration, type SyncView, type UpdateSync } from '@sluice/domain/sync';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import { lockRow } from '../connection/lock-row.ts';
import type { ServiceContext } from '../context.ts';
import { modelNotFound } from '../model/get-model.ts';
import { isUniqueViolation, slugTaken } from '../slug/with-free-slug.ts';
import { changePause } from '../sync-health/change-pause.ts';
import { resumeWaiting } from '../sync-health/resume-waiting.ts';
import { checkSync } from './check-sync.ts';
import { effectsOfEdit, pendingAfter, type UsedConfiguration } from './edit-effects.ts';
import { getSync, getSyncRow } from './get-sync.ts';
import { assertSyncSchedule, nextRunAt } from './next-run-at.ts';
import { syncNotFound } from './sync-scope.ts';
import type { SyncRow } from './sync-view.ts';

/**
 * Changes a sync; fields that are left out stay. A new configuration is checked as on creation. A new schedule counts
 * from now; disabling clears the next time, enabling computes it anew. Writing to another object or finding records
 * by another match key makes what is known about the destination void: the next run sends every row. A schedule that
 * waited for such a change goes on, and so does that of a sync which is enabled. Throws `not_found`, `input_invalid`,
 * `schedule_invalid`, `slug_taken`, and what the destination throws.
 */
export async function updateSync(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof UpdateSync>,
  options: { signal: AbortSignal },
): Promise<SyncView> {
  authorise(actor, 'sync.write');
  const { workspaceId } = actor;
  const before = await getSyncRow(ctx, actor, input.id);
  if (input.schedule) assertSyncSchedule(input.schedule);
  const configuration = changedConfiguration(before, input.configuration);
  const checked = configuration && (await recheck(ctx, before, configuration, options.signal));

  const write = ctx.db.$transaction(async (tx) => {
    await lockRow(tx, 'syncs', workspaceId, input.id);
    const now = await tx.sync.findFirst({ where: { workspaceId, id: input.id } });
    if (!now) throw syncNotFound(input.id);
    const { schedule, scheduleAnchor, nextRunAt: next } = timesAfter(now, input);
    const after = {
      slug: input.slug ?? now.slug,
      configuration: configuration ?? now.configuration,
      schedule,
      disabled: input.disabled ?? now.disabled,
      tags: input.tags ?? now.tags,
    };
    const changes = diff({ ...pick(now, after) }, after);
    if (Object.keys(changes).length === 0) return;
    await tx.sync.update({
      where: { workspaceId_id: { workspaceId, id: input.id } },
      data: {
        ...after,
        configuration: toJson(after.configuration),
        schedule: toJsonOrNull(schedule),
        tags: toJson(after.tags),
        scheduleAnchor,
        nextRunAt: next,
        ...(checked && { referencedColumns: checked.referencedColumns }),
        ...(configuration &&
          checked &&
          now.ledgerKey && {
            pendingResync: pendingOf(
              now,
              { configuration, columns: checked.referencedColumns },
              input.rollout,
            ),
          }),
      },
    });
    await audit(tx, actor, {
      action: 'sync.update',
      subjectType: 'sync',
      subjectId: input.id,
      subjectName: after.slug,
      changes,
    });
    const enabled = now.disabled && !after.disabled;
    if (enabled || (now.schedule && !schedule)) {
      await changePause(tx, actor, { syncId: input.id, pause: null, catchUp: false });
    } else if (configuration) {
      const waitsFor = ['sync', 'model', 'decision'] as const;
      await resumeWaiting(tx, actor, { waitsFor, of: { syncId: input.id } });
    }
  });
  await write.catch((err: unknown) => {
    throw input.slug !== undefined && isUniqueViolation(err) ? slugTaken(input.slug) : err;
  });
  return getSync(ctx, actor, { id: input.id });
}

type StoredSync = Pick<SyncRow, 'configuration' | 'schedule' | 'scheduleAnchor' | 'nextRunAt' | 'disabled'>;

function changedConfiguration(
  before: SyncRow,
  configuration: SyncConfiguration | undefined,
): SyncConfiguration | null {
  if (!configuration || isDeepStrictEqual(before.configuration, configuration)) return null;
  return configuration;
}

async function recheck(
  ctx: ServiceContext,
  before: SyncRow,
  configuration: SyncConfiguration,
  signal: AbortSignal,
): Promise<{ referencedColumns: string[] }> {
  const { workspaceId, modelId, destinationId } = before;
  const model = await ctx.db.model.findFirst({ where: { workspaceId, id: modelId } });
  if (!model) throw modelNotFound(modelId);
  return checkSync(ctx, { workspaceId, model, destinationId, configuration }, signal);
}

/** The schedule after the change, and the next time it fires. Left alone where nothing about it changes. */
function timesAfter(now: StoredSync, input: z.infer<typeof UpdateSync>) {
  const stored = now.schedule as Schedule | null;
  const schedule = input.schedule === undefined ? stored : input.schedule;
  const disabled = input.disabled ?? now.disabled;
  const rescheduled = !isDeepStrictEqual(schedule, stored);
  if (!rescheduled && disabled === now.disabled)
    return { schedule, scheduleAnchor: now.scheduleAnchor, nextRunAt: now.nextRunAt };
  const at = new Date();
  const scheduleAnchor = rescheduled ? at : now.scheduleAnchor;
  return {
    schedule,
    scheduleAnchor,
    nextRunAt: nextRunAt({ schedule, disabled, anchor: scheduleAnchor }, at),
  };
}

/** What the next run does because of the edit: rows that were delivered before are sent again, or only from now on. */
function pendingOf(
  now: Pick<SyncRow, 'configuration' | 'referencedColumns' | 'ledgerRows' | 'pendingResync'>,
  after: UsedConfiguration,
  rollout: Rollout | undefined,
): ResyncKind {
  const before = {
    configuration: SyncConfiguration.parse(now.configuration),
    columns: now.referencedColumns,
  };
  const effects = effectsOfEdit(before, after, { ledgerRows: now.ledgerRows, modelColumns: [] });
  return pendingAfter(effects, rollout, now.pendingResync as ResyncKind);
}

function pick(row: object, like: object): Record<string, unknown> {
  const names = new Set(Object.keys(like));
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name)));
}
