import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import { permissionsOfScope, type TokenScope } from '@sluice/domain/permission';
import type { ServiceContext } from '../context.ts';
import { secretHash } from '../session/random-secret.ts';

/**
 * The actor behind a bearer token: looked up by its hash on each request, so that a revoked or expired one ends at
 * once. Its last use is noted at most once a minute. Throws `unauthenticated` without saying why.
 */
export async function resolveToken(
  ctx: Pick<ServiceContext, 'db'>,
  secret: string | null,
  requestId: string,
): Promise<Actor> {
  const now = new Date();
  const token = secret === null || secret.length > 200 ? null : await findToken(ctx, secretHash(secret), now);
  if (!token || token.revokedAt || (token.endsAt && token.endsAt <= now)) {
    throw new SluiceError('unauthenticated', 'The API token is missing, wrong, expired or revoked.', {
      fix: 'Send the header "Authorization: Bearer slc_…" with a token from Settings → API tokens.',
    });
  }
  const aMinuteAgo = new Date(now.getTime() - 60_000);
  if (!token.lastUsedAt || token.lastUsedAt < aMinuteAgo) {
    await ctx.db.apiToken.updateMany({
      where: { id: token.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: aMinuteAgo } }] },
      data: { lastUsedAt: now },
    });
  }
  return {
    identity: {
      kind: 'token',
      tokenId: token.id,
      name: token.name,
      syncIds: token.syncIds.length > 0 ? token.syncIds : null,
    },
    workspaceId: token.workspaceId,
    permissions: permissionsOfScope(token.scope as TokenScope),
    requestId,
  };
}

/** By its secret, or by the one before the last rotation, which ends at a time of its own. */
async function findToken(ctx: Pick<ServiceContext, 'db'>, hash: string, now: Date) {
  const current = await ctx.db.apiToken.findUnique({ where: { tokenHash: hash } });
  if (current) return { ...current, endsAt: current.expiresAt };
  const rotated = await ctx.db.apiToken.findUnique({ where: { previousHash: hash } });
  return rotated && { ...rotated, endsAt: rotated.previousExpiresAt ?? now };
}
