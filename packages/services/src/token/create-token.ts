import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { CreateToken, TokenView } from '@sluice/domain/workspace';
import type { z } from 'zod';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { newSecret, secretHash } from '../session/random-secret.ts';
import { tokenView } from './list-tokens.ts';

/**
 * A new API token of the workspace. The token itself is only in this answer; its hash is stored. Throws `forbidden`
 * for anybody but a signed-in person, `input_invalid` when a sync it is limited to does not exist.
 */
export async function createToken(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof CreateToken>,
): Promise<{ token: TokenView; secret: string }> {
  authorise(actor, 'token.manage');
  if (actor.identity.kind !== 'user')
    throw new SluiceError('forbidden', 'Only a signed-in person makes tokens.');
  const { userId, name: createdBy } = actor.identity;
  const { workspaceId } = actor;
  const syncIds = [...new Set(input.syncIds ?? [])];
  const secret = `slc_${newSecret()}`;
  return ctx.db.$transaction(async (tx) => {
    const known = await tx.sync.count({ where: { workspaceId, id: { in: syncIds } } });
    if (known !== syncIds.length) {
      throw new SluiceError('input_invalid', 'A sync that the token is limited to does not exist.', {
        fields: { syncIds: 'Choose syncs of this workspace.' },
      });
    }
    const created = await tx.apiToken.create({
      data: {
        workspaceId,
        name: input.name,
        scope: input.scope,
        tokenHash: secretHash(secret),
        lastFour: secret.slice(-4),
        syncIds,
        createdBy,
        createdById: userId,
        expiresAt:
          input.expiresInDays === null ? null : new Date(Date.now() + input.expiresInDays * 86_400_000),
      },
    });
    const token = tokenView(created);
    await audit(tx, actor, {
      action: 'token.create',
      subjectType: 'token',
      subjectId: created.id,
      subjectName: input.name,
      changes: {
        scope: [null, token.scope],
        expiresAt: [null, token.expiresAt],
        syncIds: [null, token.syncIds],
      },
    });
    return { token, secret };
  });
}
