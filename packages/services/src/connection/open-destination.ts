import type { DestinationConnection } from '@sluice/connectors/kit/destination';
import type { ServiceContext } from '../context.ts';
import { destinationKind } from '../destination/destination-kind.ts';
import { getDestinationDefinition } from '../destination/get-destination-definition.ts';
import { grantAccess } from '../oauth/grant-access.ts';
import { type ConnectOptions, connectContext } from './connect-context.ts';
import { getConnectionRow } from './get-connection-row.ts';
import { openConfiguration } from './open-configuration.ts';

/**
 * A destination, ready to use; the caller closes it. Connects at the first call that needs the network, and stops when
 * the signal aborts. Throws `not_found`.
 */
export async function openDestination(
  ctx: ServiceContext,
  workspaceId: number,
  destinationId: number,
  options: ConnectOptions,
): Promise<DestinationConnection> {
  const row = await getConnectionRow(ctx.db, destinationKind, workspaceId, destinationId);
  const configuration = await openConfiguration(ctx, destinationKind, row);
  const definition = getDestinationDefinition(row.type);
  const grant = grantAccess(ctx, workspaceId, definition, configuration, options.signal);
  return definition.open(configuration, connectContext(ctx, workspaceId, options, grant));
}
