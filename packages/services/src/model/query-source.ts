import type { SourceConnection } from '@sluice/connectors/kit/source';
import { openSource } from '../connection/open-source.ts';
import type { ServiceContext } from '../context.ts';

/**
 * Opens a source for one query of a person at a screen and closes it afterwards. Counts as one preview of the
 * workspace, and stops at the source when the signal aborts. Throws `not_found`, `rate_limited`, and what the query
 * throws.
 */
export async function querySource<Result>(
  ctx: ServiceContext,
  place: { workspaceId: number; sourceId: number; signal: AbortSignal },
  work: (connection: SourceConnection) => Promise<Result>,
): Promise<Result> {
  const { workspaceId, sourceId, signal } = place;
  const label = `sluice preview of source ${sourceId}`;
  const connection = await openSource(ctx, workspaceId, sourceId, { signal, label });
  try {
    return await ctx.limits.run('preview', workspaceId, () => work(connection));
  } finally {
    await connection.close();
  }
}
