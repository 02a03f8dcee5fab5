import { type Actor, authorise } from '@sluice/domain/actor';
import type { TokenScope } from '@sluice/domain/permission';
import type { TokenView } from '@sluice/domain/workspace';
import type { ServiceContext } from '../context.ts';

/** The workspace's tokens that were not revoked, newest first; expired ones included, so that they can be replaced. */
export async function listTokens(ctx: Pick<ServiceContext, 'db'>, actor: Actor): Promise<TokenView[]> {
  authorise(actor, 'token.manage');
  const rows = await ctx.db.apiToken.findMany({
    where: { workspaceId: actor.workspaceId, revokedAt: null },
    orderBy: { id: 'desc' },
  });
  return rows.map(tokenView);
}

/** What may be shown of a token: its last four characters, never the hash. */
export function tokenView(row: {
  id: number;
  name: string;
  scope: string;
  lastFour: string;
  previousLastFour: string | null;
  previousExpiresAt: Date | null;
  syncIds: number[];
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}): TokenView {
  const { id, name, scope, lastFour, syncIds, createdBy, createdAt, expiresAt, lastUsedAt } = row;
  const { previousLastFour, previousExpiresAt } = row;
  const overlaps = previousLastFour !== null && previousExpiresAt !== null && previousExpiresAt > new Date();
  return {
    id,
    name,
    scope: scope as TokenScope,
    lastFour,
    previous: overlaps ? { lastFour: previousLastFour, expiresAt: previousExpiresAt } : null,
    syncIds: syncIds.length > 0 ? syncIds : null,
    createdBy,
    createdAt,
    expiresAt,
    lastUsedAt,
  };
}
