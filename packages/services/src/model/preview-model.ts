import { type Actor, authorise } from '@sluice/domain/actor';
import type { PreviewQuery, QueryPreview } from '@sluice/domain/model';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { resolveQuery } from '../dbt-project/resolve-query.ts';
import { querySource } from '../source/query-source.ts';

const previewRows = 100;

/**
 * The first 100 rows of a query with their types. An aborted signal cancels the query at the source. Throws
 * `not_found`, `rate_limited`, and what the query throws.
 */
export async function previewModel(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof PreviewQuery>,
  options: { signal: AbortSignal },
): Promise<QueryPreview> {
  authorise(actor, 'model.preview');
  const place = { workspaceId: actor.workspaceId, sourceId: input.sourceId, ...options };
  const query = await resolveQuery(ctx.db, place, input.query);
  return ctx.limits.run('preview', actor.workspaceId, () =>
    querySource(ctx, place, (connection) => connection.preview(query, { limit: previewRows })),
  );
}
