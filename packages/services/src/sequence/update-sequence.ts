import { isDeepStrictEqual } from 'node:util';
import { toJsonOrNull } from '@sluice/db/json';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { Schedule } from '@sluice/domain/schedule';
import type { SequenceView, UpdateSequence } from '@sluice/domain/sequence';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { isUniqueViolation, slugTaken } from '../slug/with-free-slug.ts';
import { assertSyncSchedule, nextRunAt } from '../sync/next-run-at.ts';
import { getSequence, getSequenceRow } from './get-sequence.ts';
import { lockSequence } from './lock-sequence.ts';
import { policyOf } from './step-policy.ts';
import { writeSteps } from './write-steps.ts';

/**
 * Changes a sequence; fields that are left out stay. A run that goes on keeps the steps it started with. A new
 * schedule counts from now; a disabled sequence has no next time, and its times are computed anew when it is enabled.
 * Throws `not_found`, `schedule_invalid`, `slug_taken`.
 */
export async function updateSequence(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof UpdateSequence>,
): Promise<SequenceView> {
  authorise(actor, 'sync.write');
  const { workspaceId } = actor;
  const { id } = input;
  await getSequenceRow(ctx.db, actor, id);
  if (input.schedule) assertSyncSchedule(input.schedule);
  const write = ctx.db.$transaction(async (tx) => {
    await lockSequence(tx, actor, id);
    const row = await getSequenceRow(tx, actor, id);
    const before = {
      name: row.name,
      slug: row.slug,
      steps: row.steps.map((step) => ({ syncId: step.syncId, policy: policyOf(step) })),
      schedule: row.schedule as Schedule | null,
      disabled: row.disabled,
    };
    const after = {
      name: input.name ?? before.name,
      slug: input.slug ?? before.slug,
      steps: input.steps ?? before.steps,
      schedule: input.schedule === undefined ? before.schedule : input.schedule,
      disabled: input.disabled ?? before.disabled,
    };
    const changes = diff(before, after);
    if (Object.keys(changes).length === 0) return;
    const now = new Date();
    const { name, slug, schedule, disabled } = after;
    const sameTimes = isDeepStrictEqual(schedule, before.schedule);
    const anchor = sameTimes ? row.scheduleAnchor : now;
    await tx.sequence.update({
      where: { workspaceId_id: { workspaceId, id } },
      data: {
        name,
        slug,
        disabled,
        ...((!sameTimes || disabled !== before.disabled) && {
          schedule: toJsonOrNull(schedule),
          scheduleAnchor: anchor,
          nextRunAt: nextRunAt({ schedule, disabled, anchor }, now),
        }),
      },
    });
    if ('steps' in changes) await writeSteps(tx, actor, id, after.steps);
    await audit(tx, actor, {
      action: 'sequence.update',
      subjectType: 'sequence',
      subjectId: null,
      subjectName: name,
      changes,
    });
  });
  await write.catch((err: unknown) => {
    throw input.slug !== undefined && isUniqueViolation(err) ? slugTaken(input.slug) : err;
  });
  return getSequence(ctx, actor, { id });
}
