import { createHash, randomBytes } from 'node:crypto';
import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { StartGrant } from '@sluice/domain/grant';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { callbackUrl, clientOf, oauthOf, vendorUrl } from './oauth-client.ts';
import { sealVerifier } from './sealed-grant.ts';

/** How long a person may take at the vendor. */
const patienceMs = 15 * 60_000;

/**
 * Begins a sign-in at a vendor: answers the address to open, and the grant that becomes active when the person has come
 * back. Throws `input_invalid` for a connector without OAuth, `settings_invalid` without the operator's client.
 */
export async function startGrant(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof StartGrant>,
): Promise<{ id: number; url: string }> {
  authorise(actor, 'destination.write');
  const { identity, workspaceId } = actor;
  if (identity.kind !== 'user') throw new SluiceError('forbidden', 'Only a person can sign in at a vendor.');
  const definition = oauthOf(input.connector);
  const client = clientOf(ctx, definition);
  const [state, verifier] = [randomBytes(32).toString('base64url'), randomBytes(48).toString('base64url')];
  const grant = await ctx.db.oAuthGrant.create({
    data: {
      workspaceId,
      connector: input.connector,
      status: 'pending',
      state: hashOf(state),
      expiresAt: new Date(Date.now() + patienceMs),
      createdById: identity.userId,
      createdBy: identity.name,
    },
  });
  await ctx.db.oAuthGrant.update({
    where: { id: grant.id },
    data: { sealed: await sealVerifier(ctx, grant, verifier) },
  });
  const url = vendorUrl(definition.authorizeUrl, client);
  const query = {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: callbackUrl(ctx),
    scope: definition.scopes.join(definition.scopeSeparator ?? ' '),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...definition.authorizeQuery,
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { id: grant.id, url: url.href };
}

/** Only the hash is kept: whoever reads the table cannot finish somebody's sign-in. */
export const hashOf = (state: string): string => createHash('sha256').update(state).digest('hex');
