import { EgressFailure } from '@sluice/connectors/kit/egress-failure';
import type { OAuthDefinition } from '@sluice/connectors/kit/oauth';
import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { clientOf, vendorUrl } from './oauth-client.ts';

/** What a vendor gives for a code or a refresh token. */
export interface Tokens {
  readonly accessToken: string;
  /** `null` where the access token holds until it is revoked. */
  readonly refreshToken: string | null;
  readonly expiresAt: Date | null;
}

const Answer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.coerce.number().positive().optional(),
});

/**
 * Asks the vendor's token endpoint (RFC 6749, 4.1.3 and 6). Throws `destination_auth` when it refuses the code or the
 * refresh token for good, `destination_unreachable` and `destination_failed` when it may work later.
 */
export async function requestTokens(
  ctx: ServiceContext,
  definition: OAuthDefinition,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Tokens> {
  const client = clientOf(ctx, definition);
  const basic = definition.clientAuthentication === 'basic';
  const form = new URLSearchParams({
    ...parameters,
    ...(!basic && { client_id: client.id, client_secret: client.secret }),
  });
  const credentials = Buffer.from(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`);
  const answer = await ctx.egress
    .request({
      method: 'POST',
      url: vendorUrl(definition.tokenUrl, client).href,
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/x-www-form-urlencoded',
        'User-Agent': 'Sluice',
        ...(basic && { Authorization: `Basic ${credentials.toString('base64')}` }),
      },
      body: form.toString(),
      timeoutMs: ctx.settings.requestMs,
      bodyBytesMax: 256 * 1024,
      signal,
    })
    .catch((thrown: unknown) => {
      if (!(thrown instanceof EgressFailure)) throw thrown;
      throw new SluiceError('destination_unreachable', thrown.message, { cause: thrown });
    });
  const body = parseJson(answer.body);
  // Slack and others refuse with 200 and an `error`.
  const refusal = z.object({ error: z.string() }).safeParse(body);
  if (refusal.success && answer.status < 500) throw refused(definition, refusal.data.error);
  const parsed = Answer.safeParse(body);
  if (answer.incomplete || !parsed.success) {
    if (answer.status === 400 || answer.status === 401 || answer.status === 403)
      throw refused(definition, `HTTP ${answer.status}`);
    throw new SluiceError('destination_failed', `${definition.name} gave no tokens (HTTP ${answer.status}).`);
  }
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = parsed.data;
  ctx.secrets.register([accessToken, ...(refreshToken ? [refreshToken] : [])]);
  return {
    accessToken,
    refreshToken: refreshToken ?? null,
    expiresAt: seconds === undefined ? null : new Date(Date.now() + seconds * 1000),
  };
}

const refused = ({ name }: OAuthDefinition, reason: string): SluiceError =>
  new SluiceError('destination_auth', `${name} takes this access no more (${reason.slice(0, 200)}).`, {
    fix: `Open the connection and connect with ${name} again.`,
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
