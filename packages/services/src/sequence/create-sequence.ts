import { toJsonOrNull } from '@sluice/db/json';
import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { CreateSequence, SequenceView } from '@sluice/domain/sequence';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { withFreeSlug } from '../slug/with-free-slug.ts';
import { assertSyncSchedule, nextRunAt } from '../sync/next-run-at.ts';
import { syncScope } from '../sync/sync-scope.ts';
import { getSequence } from './get-sequence.ts';
import { writeSteps } from './write-steps.ts';

/** Makes a sequence. Throws `not_found` for a sync of another workspace, `schedule_invalid`, `slug_taken`. */
export async function createSequence(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof CreateSequence>,
): Promise<SequenceView> {
  authorise(actor, 'sync.write');
  if (syncScope(actor).id)
    throw new SluiceError('forbidden', 'This token is limited to some syncs, so it cannot make sequences.');
  const { workspaceId } = actor;
  const { name, steps, schedule, disabled } = input;
  assertSyncSchedule(schedule);
  const wish = {
    given: input.slug,
    name,
    list: async (prefix: string) => {
      const where = { workspaceId, slug: { startsWith: prefix } };
      const found = await ctx.db.sequence.findMany({ where, select: { slug: true } });
      return found.map(({ slug }) => slug);
    },
  };
  const id = await withFreeSlug(wish, (slug) =>
    ctx.db.$transaction(async (tx) => {
      const now = new Date();
      const sequence = await tx.sequence.create({
        data: {
          workspaceId,
          name,
          slug,
          schedule: toJsonOrNull(schedule),
          scheduleAnchor: now,
          disabled,
          nextRunAt: nextRunAt({ schedule, disabled, anchor: now }, now),
        },
      });
      await writeSteps(tx, actor, sequence.id, steps);
      await audit(tx, actor, {
        action: 'sequence.create',
        subjectType: 'sequence',
        subjectId: null,
        subjectName: name,
        changes: diff({}, { name, slug, steps, schedule, disabled }),
      });
      return sequence.id;
    }),
  );
  return getSequence(ctx, actor, { id });
}
