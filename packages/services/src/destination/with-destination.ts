import type { DestinationConnection } from '@sluice/connectors/kit/destination';
import { openDestination } from '../connection/open-destination.ts';
import type { ServiceContext } from '../context.ts';

/** Opens a destination for one piece of work and closes it afterwards. Throws `not_found` and what the work throws. */
export async function withDestination<Result>(
  ctx: ServiceContext,
  workspaceId: number,
  destinationId: number,
  signal: AbortSignal,
  work: (connection: DestinationConnection) => Promise<Result>,
): Promise<Result> {
  const label = `sluice destination ${destinationId}`;
  const connection = await openDestination(ctx, workspaceId, destinationId, { signal, label });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
