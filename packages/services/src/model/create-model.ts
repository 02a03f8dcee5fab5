import { toJson } from '@sluice/db/json';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { CreateModel, ModelView } from '@sluice/domain/model';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import { getConnectionRow } from '../connection/get-connection-row.ts';
import { lockRow } from '../connection/lock-row.ts';
import type { ServiceContext } from '../context.ts';
import { nodeIdOf } from '../dbt-project/resolve-query.ts';
import { withFreeSlug } from '../slug/with-free-slug.ts';
import { sourceKind } from '../source/source-kind.ts';
import { assertPrimaryKey, describeQuery } from './describe-query.ts';
import { getModel } from './get-model.ts';

/**
 * Saves a query as a model. Its columns are read from the source first, unless `skipColumnQuery`. Throws `not_found`
 * for a source of another workspace, `model_primary_key_missing`, `slug_taken`, and what the query throws.
 */
export async function createModel(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof CreateModel>,
  options: { signal: AbortSignal },
): Promise<ModelView> {
  authorise(actor, 'model.write');
  const { workspaceId } = actor;
  const { skipColumnQuery, slug: given, ...data } = input;
  const { sourceId, query, name, primaryKey } = data;
  await getConnectionRow(ctx.db, sourceKind, workspaceId, sourceId);
  const place = { workspaceId, sourceId, signal: options.signal };
  await nodeIdOf(ctx.db, place, query);
  const columns = skipColumnQuery ? [] : await describeQuery(ctx, place, query);
  if (!skipColumnQuery) assertPrimaryKey(primaryKey, columns);

  const id = await withFreeSlug(
    { given, name, list: (prefix) => modelSlugs(ctx, workspaceId, prefix) },
    (slug) =>
      ctx.db.$transaction(async (tx) => {
        // Held against its removal between the check and the insert.
        await lockRow(tx, 'sources', workspaceId, sourceId);
        await getConnectionRow(tx, sourceKind, workspaceId, sourceId);
        const model = await tx.model.create({
          data: {
            ...data,
            workspaceId,
            slug,
            query: toJson(query),
            dbtNodeId: await nodeIdOf(tx, place, query),
            columns: toJson(columns),
            tags: toJson(data.tags),
          },
        });
        await audit(tx, actor, {
          action: 'model.create',
          subjectType: 'model',
          subjectId: model.id,
          subjectName: name,
          changes: diff({}, { slug, ...data }),
        });
        return model.id;
      }),
  );
  return getModel(ctx, actor, { id });
}

async function modelSlugs(ctx: ServiceContext, workspaceId: number, prefix: string): Promise<string[]> {
  const found = await ctx.db.model.findMany({
    where: { workspaceId, slug: { startsWith: prefix } },
    select: { slug: true },
  });
  return found.map(({ slug }) => slug);
}
