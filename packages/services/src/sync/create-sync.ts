import { toJson, toJsonOrNull } from '@sluice/db/json';
import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { CreateSync, SyncView } from '@sluice/domain/sync';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import { getConnectionRow } from '../connection/get-connection-row.ts';
import { lockRow } from '../connection/lock-row.ts';
import type { ServiceContext } from '../context.ts';
import { destinationKind } from '../destination/destination-kind.ts';
import { modelNotFound } from '../model/get-model.ts';
import { withFreeSlug } from '../slug/with-free-slug.ts';
import { checkSync } from './check-sync.ts';
import { getSync } from './get-sync.ts';
import { listSyncSlugs } from './list-sync-slugs.ts';
import { assertSyncSchedule, nextRunAt } from './next-run-at.ts';
import { syncScope } from './sync-scope.ts';

/**
 * Makes a sync after checking its configuration against the model and the destination as they are now. Throws
 * `not_found` for a model or destination of another workspace, `input_invalid` with a message per path,
 * `schedule_invalid`, `slug_taken`, and what the destination throws.
 */
export async function createSync(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof CreateSync>,
  options: { signal: AbortSignal },
): Promise<SyncView> {
  authorise(actor, 'sync.write');
  if (syncScope(actor).id)
    throw new SluiceError('forbidden', 'This token is limited to some syncs, so it cannot make new ones.');
  const { workspaceId } = actor;
  const { modelId, destinationId, configuration, schedule, disabled, tags } = input;
  assertSyncSchedule(schedule);
  const model = await ctx.db.model.findFirst({ where: { workspaceId, id: modelId } });
  if (!model) throw modelNotFound(modelId);
  const destination = await getConnectionRow(ctx.db, destinationKind, workspaceId, destinationId);
  const { referencedColumns } = await checkSync(
    ctx,
    { workspaceId, model, destinationId, configuration },
    options.signal,
  );

  const wish = {
    given: input.slug,
    name: `${model.name} to ${destination.name}`,
    list: (prefix: string) => listSyncSlugs(ctx, workspaceId, prefix),
  };
  const id = await withFreeSlug(wish, (slug) =>
    ctx.db.$transaction(async (tx) => {
      // Held against removal between the check and the insert.
      await lockRow(tx, 'models', workspaceId, modelId);
      await lockRow(tx, 'destinations', workspaceId, destinationId);
      if (!(await tx.model.findFirst({ where: { workspaceId, id: modelId } }))) throw modelNotFound(modelId);
      await getConnectionRow(tx, destinationKind, workspaceId, destinationId);
      const now = new Date();
      const sync = await tx.sync.create({
        data: {
          workspaceId,
          modelId,
          destinationId,
          slug,
          configuration: toJson(configuration),
          referencedColumns,
          schedule: toJsonOrNull(schedule),
          scheduleAnchor: now,
          nextRunAt: nextRunAt({ schedule, disabled, anchor: now }, now),
          disabled,
          tags: toJson(tags),
        },
      });
      await audit(tx, actor, {
        action: 'sync.create',
        subjectType: 'sync',
        subjectId: sync.id,
        subjectName: slug,
        changes: diff({}, { slug, modelId, destinationId, configuration, schedule, disabled, tags }),
      });
      return sync.id;
    }),
  );
  return getSync(ctx, actor, { id });
}
