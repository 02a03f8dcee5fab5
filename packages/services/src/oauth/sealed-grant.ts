import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { Tokens } from './request-tokens.ts';

type Place = { readonly workspaceId: number; readonly id: number };

const Kept = z.object({ accessToken: z.string(), refreshToken: z.string().nullable() });

/** Tokens as they are stored: sealed for this grant; they open nowhere else. */
export const sealTokens = (
  ctx: ServiceContext,
  grant: Place,
  { accessToken, refreshToken }: Tokens,
): Promise<string> => ctx.vault.seal(placeOf(grant, 'tokens'), JSON.stringify({ accessToken, refreshToken }));

/** Opens what `sealTokens` made. Logs hide the tokens from here on. */
export async function openTokens(
  ctx: ServiceContext,
  grant: Place,
  sealed: string,
): Promise<z.infer<typeof Kept>> {
  const tokens = Kept.parse(JSON.parse(await ctx.vault.open(placeOf(grant, 'tokens'), sealed)));
  ctx.secrets.register([tokens.accessToken, ...(tokens.refreshToken ? [tokens.refreshToken] : [])]);
  return tokens;
}

/** The proof that whoever brings the code is who asked for it (PKCE). */
export const sealVerifier = (ctx: ServiceContext, grant: Place, verifier: string): Promise<string> =>
  ctx.vault.seal(placeOf(grant, 'verifier'), verifier);

export const openVerifier = (ctx: ServiceContext, grant: Place, sealed: string): Promise<string> =>
  ctx.vault.open(placeOf(grant, 'verifier'), sealed);

const placeOf = ({ workspaceId, id }: Place, field: string) =>
  ({ workspaceId, table: 'oauth_grants', recordId: id, field }) as const;
