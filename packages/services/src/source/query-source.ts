import type { SourceConnection } from '@sluice/connectors/kit/source';
import { openSource } from '../connection/open-source.ts';
import type { ServiceContext } from '../context.ts';

/**
 * Opens a source for one query and closes it afterwards; stops at the source when the signal aborts. Throws
 * `not_found`, and what the query throws.
 */
export async function querySource<Result>(
  ctx: ServiceContext,
  place: { workspaceId: number; sourceId: number; signal: AbortSignal },
  work: (connection: SourceConnection) => Promise<Result>,
): Promise<Result> {
  const { workspaceId, sourceId, signal } = place;
  const label = `sluice query of source ${sourceId}`;
  const connection = await openSource(ctx, workspaceId, sourceId, { signal, label });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
