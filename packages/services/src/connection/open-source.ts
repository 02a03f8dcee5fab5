import type { SourceConnection } from '@sluice/connectors/kit/source';
import type { ServiceContext } from '../context.ts';
import { grantAccess } from '../oauth/grant-access.ts';
import { getSourceDefinition } from '../source/get-source-definition.ts';
import { sourceKind } from '../source/source-kind.ts';
import { type ConnectOptions, connectContext } from './connect-context.ts';
import { getConnectionRow } from './get-connection-row.ts';
import { openConfiguration } from './open-configuration.ts';

/**
 * A source, ready to use; the caller closes it. Connects at the first call that needs the network, and stops when
 * the signal aborts. Throws `not_found`.
 */
export async function openSource(
  ctx: ServiceContext,
  workspaceId: number,
  sourceId: number,
  options: ConnectOptions,
): Promise<SourceConnection> {
  const row = await getConnectionRow(ctx.db, sourceKind, workspaceId, sourceId);
  const configuration = await openConfiguration(ctx, sourceKind, row);
  const definition = getSourceDefinition(row.type);
  const grant = grantAccess(ctx, workspaceId, definition, configuration, options.signal);
  return definition.open(configuration, connectContext(ctx, workspaceId, options, grant));
}
