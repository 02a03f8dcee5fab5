import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';

/** Ends a token, the secret before its rotation included: the next request is refused. Throws `not_found`. */
export async function revokeToken(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<void> {
  authorise(actor, 'token.manage');
  await ctx.db.$transaction(async (tx) => {
    const where = { id: input.id, workspaceId: actor.workspaceId, revokedAt: null };
    const token = await tx.apiToken.findFirst({ where });
    const { count } = await tx.apiToken.updateMany({ where, data: { revokedAt: new Date() } });
    if (!token || count === 0) throw new SluiceError('not_found', 'There is no such token.');
    await audit(tx, actor, {
      action: 'token.revoke',
      subjectType: 'token',
      subjectId: token.id,
      subjectName: token.name,
    });
  });
}
