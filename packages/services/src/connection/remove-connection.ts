import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import type { ConnectionKind } from './connection-kind.ts';
import { getConnectionRow } from './get-connection-row.ts';
import { lockRow } from './lock-row.ts';

/** Removes a connection and its secrets. Throws `not_found`, and `in_use` naming what depends on it. */
export async function removeConnection(
  ctx: ServiceContext,
  actor: Actor,
  kind: ConnectionKind,
  id: number,
): Promise<void> {
  authorise(actor, kind.writePermission);
  const { workspaceId } = actor;
  await ctx.db.$transaction(async (tx) => {
    await lockRow(tx, kind.table, workspaceId, id);
    const row = await getConnectionRow(tx, kind, workspaceId, id);
    const uses = await kind.rows.uses(tx, workspaceId, id);
    if (uses.length > 0) throw inUse(row.name, uses);
    await kind.rows.remove(tx, workspaceId, id);
    await audit(tx, actor, {
      action: `${kind.noun}.remove`,
      subjectType: kind.noun,
      subjectId: id,
      subjectName: row.name,
    });
  });
}

/** `in_use`, naming up to five of the things that depend on it. */
export function inUse(name: string, uses: readonly string[]): SluiceError {
  const shown = uses.slice(0, 5).join(', ');
  const more = uses.length > 5 ? ` and ${uses.length - 5} more` : '';
  return new SluiceError('in_use', `"${name}" is used by ${shown}${more}.`, { details: { uses: [...uses] } });
}
