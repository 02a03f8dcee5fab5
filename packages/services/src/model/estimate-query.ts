import { type Actor, authorise } from '@sluice/domain/actor';
import type { PreviewQuery, QueryEstimate } from '@sluice/domain/model';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { resolveQuery } from '../dbt-project/resolve-query.ts';
import { querySource } from '../source/query-source.ts';

/**
 * What running a query once would cost, without running it; `null` where the source cannot tell, which contacts nobody.
 * Throws `not_found`, `rate_limited`, and what the source says against the query.
 */
export async function estimateQuery(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof PreviewQuery>,
  options: { signal: AbortSignal },
): Promise<QueryEstimate | null> {
  authorise(actor, 'model.preview');
  const place = { workspaceId: actor.workspaceId, sourceId: input.sourceId, ...options };
  const query = await resolveQuery(ctx.db, place, input.query);
  return ctx.limits.run('estimate', actor.workspaceId, () =>
    querySource(ctx, place, async (connection) => (await connection.estimate?.(query)) ?? null),
  );
}
