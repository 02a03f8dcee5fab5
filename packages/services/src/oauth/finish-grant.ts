import type { Person } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { callbackUrl, oauthOf } from './oauth-client.ts';
import { requestTokens } from './request-tokens.ts';
import { openVerifier, sealTokens } from './sealed-grant.ts';
import { hashOf } from './start-grant.ts';

/** What the vendor sent the person back with. */
export interface GrantReturn {
  readonly state: string;
  readonly code: string | null;
  /** Why there is no code: `access_denied`. */
  readonly error: string | null;
}

/**
 * Takes the code that a person brings back, once, and keeps the tokens it is worth. Only the person who began can
 * finish. Answers the vendor's name. Throws `not_found` for a return that nobody waits for, `destination_auth` when the
 * vendor refused.
 */
export async function finishGrant(
  ctx: ServiceContext,
  person: Person,
  { state, code, error }: GrantReturn,
  signal: AbortSignal,
): Promise<{ name: string }> {
  const grant = await ctx.db.oAuthGrant.findUnique({ where: { state: hashOf(state) } });
  const member =
    grant &&
    (await ctx.db.workspaceMember.findFirst({
      where: { workspaceId: grant.workspaceId, userId: person.userId },
    }));
  const waits =
    member && grant.status === 'pending' && grant.createdById === person.userId && grant.sealed !== null;
  if (!grant || !waits || (grant.expiresAt ?? new Date(0)) < new Date()) {
    throw new SluiceError('not_found', 'Nobody waits for this sign-in any more.', {
      fix: 'Go back to the connection and press the button again.',
    });
  }
  // Used up before anything else, so that a second return finds nothing.
  const { count } = await ctx.db.oAuthGrant.updateMany({
    where: { id: grant.id, state: hashOf(state) },
    data: { state: null },
  });
  if (count !== 1) throw new SluiceError('not_found', 'This sign-in is finished already.');
  const definition = oauthOf(grant.connector);
  if (code === null) {
    throw new SluiceError(
      'destination_auth',
      `${definition.name} gave no access (${(error ?? 'no code').slice(0, 100)}).`,
      {
        fix: 'Go back to the connection and press the button again.',
      },
    );
  }
  const tokens = await requestTokens(
    ctx,
    definition,
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: callbackUrl(ctx),
      code_verifier: await openVerifier(ctx, grant, grant.sealed ?? ''),
    },
    signal,
  );
  const sealed = await sealTokens(ctx, grant, tokens);
  await ctx.db.$transaction(async (tx) => {
    await tx.oAuthGrant.update({
      where: { id: grant.id },
      data: { status: 'active', sealed, expiresAt: tokens.expiresAt },
    });
    await audit(
      tx,
      { ...person, workspaceId: grant.workspaceId },
      {
        action: 'grant.create',
        subjectType: 'grant',
        subjectId: grant.id,
        subjectName: definition.name,
      },
    );
  });
  return { name: definition.name };
}
