import type { GrantedAccess } from '@sluice/connectors/kit/context';
import { SluiceError } from '@sluice/domain/error';
import type { ConnectorFields } from '../connection/connection-kind.ts';
import type { ServiceContext } from '../context.ts';
import { oauthOf } from './oauth-client.ts';
import { requestTokens } from './request-tokens.ts';
import { revokeGrant } from './revoke-grant.ts';
import { openTokens, sealTokens } from './sealed-grant.ts';

/** A token that ends sooner than this is renewed first: requests are on their way for a while. */
const marginMs = 90_000;
/** Longest wait for somebody else who renews the same tokens. */
const turnMs = 120_000;

/**
 * The access that a connection's configuration names, for its connector; `null` where it names none. Tokens are renewed
 * by one process at a time over all workers (a lock on the grant's row); the others find the new ones.
 */
export function grantAccess(
  ctx: ServiceContext,
  workspaceId: number,
  connector: ConnectorFields,
  configuration: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): GrantedAccess | null {
  const field = connector.fields.find(({ kind }) => kind === 'grant');
  const id = field && configuration[field.name];
  if (id === undefined) return null;
  const place = { workspaceId, id: Number(id) };
  return {
    async token() {
      const grant = await ctx.db.oAuthGrant.findFirst({ where: place });
      const { accessToken } = await openActive(ctx, place, grant);
      const fresh = !grant?.expiresAt || grant.expiresAt.getTime() - marginMs > Date.now();
      return fresh ? accessToken : renew(ctx, place, accessToken, signal);
    },
    async renew(refused) {
      await renew(ctx, place, refused, signal);
    },
  };
}

interface Place {
  readonly workspaceId: number;
  readonly id: number;
}

/** Answers a token other than `refused`. Throws `destination_auth` when the vendor gives none any more. */
async function renew(
  ctx: ServiceContext,
  place: Place,
  refused: string,
  signal: AbortSignal,
): Promise<string> {
  const outcome = await ctx.db.$transaction(
    async (tx) => {
      await tx.$queryRaw`select 1 from oauth_grants where workspace_id = ${place.workspaceId} and id = ${place.id} for update`;
      const grant = await tx.oAuthGrant.findFirst({ where: place });
      const tokens = await openActive(ctx, place, grant);
      if (tokens.accessToken !== refused) return tokens.accessToken;
      const definition = oauthOf(grant?.connector ?? '');
      if (tokens.refreshToken === null) {
        return new SluiceError('destination_auth', `${definition.name} takes this access no more.`, {
          fix: `Open the connection and connect with ${definition.name} again.`,
        });
      }
      const asked = { grant_type: 'refresh_token', refresh_token: tokens.refreshToken };
      try {
        const next = await requestTokens(ctx, definition, asked, signal);
        const kept = { ...next, refreshToken: next.refreshToken ?? tokens.refreshToken };
        await tx.oAuthGrant.update({
          where: { id: place.id },
          data: { sealed: await sealTokens(ctx, place, kept), expiresAt: kept.expiresAt },
        });
        return kept.accessToken;
      } catch (thrown) {
        // The refusal has to outlive the transaction: it is written down below.
        if (thrown instanceof SluiceError && thrown.code === 'destination_auth') return thrown;
        throw thrown;
      }
    },
    { timeout: turnMs, maxWait: turnMs },
  );
  if (typeof outcome === 'string') return outcome;
  await revokeGrant(ctx, place, outcome);
  throw outcome;
}

async function openActive(
  ctx: ServiceContext,
  place: Place,
  grant: { readonly status: string; readonly sealed: string | null } | null,
) {
  if (grant?.status === 'active' && grant.sealed !== null) return openTokens(ctx, place, grant.sealed);
  throw new SluiceError('destination_auth', 'The access that was given to Sluice has ended.', {
    fix: 'Open the connection and connect it again.',
  });
}
