import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { RotateToken, TokenView } from '@sluice/domain/workspace';
import type { z } from 'zod';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { newSecret, secretHash } from '../session/random-secret.ts';
import { tokenView } from './list-tokens.ts';

/**
 * A new secret for a token that keeps its name, scope and syncs. The secret before works for `overlapHours` more, but
 * not beyond its own expiry; one that was still left from an earlier rotation ends now. The new secret is only in this
 * answer. Throws `forbidden` for anybody but a signed-in person, `not_found` also for a revoked token.
 */
export async function rotateToken(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof RotateToken>,
): Promise<{ token: TokenView; secret: string }> {
  authorise(actor, 'token.manage');
  if (actor.identity.kind !== 'user')
    throw new SluiceError('forbidden', 'Only a signed-in person makes tokens.');
  const secret = `slc_${newSecret()}`;
  return ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`
      select 1 from api_tokens where id = ${input.id} and workspace_id = ${actor.workspaceId} for update`;
    const before = await tx.apiToken.findFirst({
      where: { id: input.id, workspaceId: actor.workspaceId, revokedAt: null },
    });
    if (!before) throw new SluiceError('not_found', 'There is no such token.');
    const now = Date.now();
    const overlapEnd = new Date(
      Math.min(now + input.overlapHours * 3_600_000, before.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY),
    );
    const kept = overlapEnd.getTime() > now;
    const rotated = await tx.apiToken.update({
      where: { id: before.id },
      data: {
        tokenHash: secretHash(secret),
        lastFour: secret.slice(-4),
        previousHash: kept ? before.tokenHash : null,
        previousLastFour: kept ? before.lastFour : null,
        previousExpiresAt: kept ? overlapEnd : null,
        expiresAt: input.expiresInDays === null ? null : new Date(now + input.expiresInDays * 86_400_000),
      },
    });
    const token = tokenView(rotated);
    await audit(tx, actor, {
      action: 'token.rotate',
      subjectType: 'token',
      subjectId: before.id,
      subjectName: before.name,
      changes: {
        lastFour: [before.lastFour, token.lastFour],
        expiresAt: [before.expiresAt, token.expiresAt],
        previousSecretWorksUntil: [null, token.previous?.expiresAt ?? null],
      },
    });
    return { token, secret };
  });
}
