import { type Actor, authorise } from '@sluice/domain/actor';
import type { InspectKey, KeyInspection } from '@sluice/domain/model';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { resolveQuery } from '../dbt-project/resolve-query.ts';
import { querySource } from '../source/query-source.ts';

/**
 * Counts the NULLs and duplicates of a column over the whole result, at the source. An aborted signal cancels the
 * query there. Throws `not_found`, `rate_limited`, and what the query throws.
 */
export async function inspectKey(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof InspectKey>,
  options: { signal: AbortSignal },
): Promise<KeyInspection> {
  authorise(actor, 'model.preview');
  const place = { workspaceId: actor.workspaceId, sourceId: input.sourceId, ...options };
  const query = await resolveQuery(ctx.db, place, input.query);
  return ctx.limits.run('preview', actor.workspaceId, () =>
    querySource(ctx, place, (connection) => connection.inspectKey(query, input.column)),
  );
}
