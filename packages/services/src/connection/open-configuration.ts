import type { ServiceContext } from '../context.ts';
import type { ConnectionKind, ConnectionRow } from './connection-kind.ts';
import { fillSecrets, openSecrets, secretValues } from './connection-secrets.ts';

/**
 * The configuration of a stored connection with its secrets in the clear, for a connector to open. The secrets are
 * registered first, so that nothing that is logged or captured from here on shows them.
 */
export async function openConfiguration(
  ctx: ServiceContext,
  kind: ConnectionKind,
  row: ConnectionRow,
): Promise<Record<string, unknown>> {
  const owner = { workspaceId: row.workspaceId, table: kind.table, recordId: row.id };
  const secrets = await openSecrets(ctx, owner, row.secrets);
  ctx.secrets.register(secretValues(secrets));
  return fillSecrets(kind.connector(row.type).fields, row.configuration as Record<string, unknown>, secrets);
}
