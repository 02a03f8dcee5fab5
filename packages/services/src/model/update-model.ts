import { isDeepStrictEqual } from 'node:util';
import type { Connection } from '@sluice/db/client';
import { toJson } from '@sluice/db/json';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { ModelView, UpdateModel } from '@sluice/domain/model';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import { lockRow } from '../connection/lock-row.ts';
import type { ServiceContext } from '../context.ts';
import { nodeIdOf } from '../dbt-project/resolve-query.ts';
import { resumeWaiting } from '../sync-health/resume-waiting.ts';
import { assertPrimaryKey, describeQuery } from './describe-query.ts';
import { getModel } from './get-model.ts';
import { onlyAdds } from './model-impact.ts';

/**
 * Changes a model. A new query is described first, so its columns stay true. A new primary key makes every row look
 * new: with syncs it needs `acceptFullResync` (`confirmation_required` names them), and marks each of them for a full
 * resync in the same transaction. Schedules that waited for the model go on. Throws `not_found`, `conflict`, `model_primary_key_missing`, and what the query
 * throws.
 */
export async function updateModel(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof UpdateModel>,
  options: { signal: AbortSignal },
): Promise<ModelView> {
  authorise(actor, 'model.write');
  const { workspaceId } = actor;
  const { id, acceptFullResync, rollout, ...changes } = input;
  const before = await getModel(ctx, actor, { id });
  const after = { ...definitionOf(before), ...withoutUndefined(changes) };
  const queryChanged = !isDeepStrictEqual(after.query, before.query);
  const keyChanged = after.primaryKey !== before.primaryKey;
  if (keyChanged) assertAccepted(before, after.primaryKey, acceptFullResync);

  let columns: Column[] = before.columns;
  if (queryChanged || (keyChanged && columns.length === 0)) {
    const place = { workspaceId, sourceId: before.sourceId, signal: options.signal };
    columns = await describeQuery(ctx, place, after.query);
  }
  if (queryChanged || keyChanged) assertPrimaryKey(after.primaryKey, columns);
  const changed = diff(definitionOf(before), after);
  if (Object.keys(changed).length === 0 && columns === before.columns) return before;

  await ctx.db.$transaction(async (tx) => {
    // Syncs before the model, as the end of a run locks them: the other way round the two could wait for each other.
    if (keyChanged || rollout)
      await tx.$queryRaw`
        select 1 from syncs where workspace_id = ${workspaceId} and model_id = ${id} order by id for update`;
    await lockRow(tx, 'models', workspaceId, id);
    const now = await tx.model.findFirst({ where: { workspaceId, id } });
    if (!now) throw new SluiceError('not_found', `The model ${id} was removed meanwhile.`);
    if (!isDeepStrictEqual(now.query, before.query) || now.primaryKey !== before.primaryKey)
      throw new SluiceError('conflict', `Somebody changed the query of "${before.name}" meanwhile.`);
    await tx.model.update({
      where: { workspaceId_id: { workspaceId, id } },
      data: {
        ...after,
        query: toJson(after.query),
        dbtNodeId: await nodeIdOf(tx, { workspaceId, sourceId: before.sourceId }, after.query),
        columns: toJson(columns),
        tags: toJson(after.tags),
      },
    });
    if (keyChanged) await resyncAll(tx, before, acceptFullResync, workspaceId);
    else if (rollout === 'from_now' && onlyAdds({ before: before.columns, after: columns }))
      await rollOutFromNow(tx, workspaceId, id);
    await audit(tx, actor, {
      action: 'model.update',
      subjectType: 'model',
      subjectId: id,
      subjectName: after.name,
      changes: changed,
    });
  });
  if (queryChanged || keyChanged) {
    // Not in the transaction above, which holds the model: runs lock syncs first.
    await ctx.db.$transaction((tx) => resumeWaiting(tx, actor, { waitsFor: ['model'], of: { modelId: id } }));
  }
  return getModel(ctx, actor, { id });
}

const definitionOf = ({ name, description, query, primaryKey, tags }: ModelView) => ({
  name,
  description,
  query,
  primaryKey,
  tags,
});

function withoutUndefined<Input extends object>(input: Input): Partial<Input> {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as Partial<Input>;
}

function assertAccepted(model: ModelView, primaryKey: string, accepted: boolean): void {
  if (accepted || model.syncs.length === 0) return;
  const syncs = model.syncs.map(({ id, slug }) => ({ id, slug }));
  throw new SluiceError(
    'confirmation_required',
    `With "${primaryKey}" as primary key every row looks new, so the next run of ${
      syncs.length === 1 ? `the sync "${syncs[0]?.slug}"` : `${syncs.length} syncs`
    } sends all rows again; rows that left the model since the last run are not removed.`,
    { fields: { acceptFullResync: 'Accept a full resync of every sync named.' }, details: { syncs } },
  );
}

/** Marks the syncs of the model; one that was made since the question was asked needs the consent as well. */
async function resyncAll(
  tx: Connection,
  model: ModelView,
  accepted: boolean,
  workspaceId: number,
): Promise<void> {
  const syncs = await tx.sync.findMany({
    where: { workspaceId, modelId: model.id },
    select: { id: true, slug: true },
  });
  if (syncs.length === 0) return;
  if (!accepted) {
    const message = `The sync "${syncs[0]?.slug}" was made meanwhile and would send all rows again.`;
    throw new SluiceError('confirmation_required', message, { details: { syncs } });
  }
  await tx.sync.updateMany({ where: { workspaceId, modelId: model.id }, data: { pendingResync: 'full' } });
}

/** Syncs that may use every column judge their rows by those that they had, and send nothing for the new ones. */
async function rollOutFromNow(tx: Connection, workspaceId: number, modelId: number): Promise<void> {
  await tx.sync.updateMany({
    where: {
      workspaceId,
      modelId,
      pendingResync: 'none',
      ledgerKey: { not: null },
      referencedColumns: { has: '*' },
    },
    data: { pendingResync: 'from_now' },
  });
}
