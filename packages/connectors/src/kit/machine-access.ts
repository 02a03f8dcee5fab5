import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import type { ConnectContext, GrantedAccess } from './context.ts';
import { EgressFailure } from './egress-failure.ts';

/** How a machine asks a token endpoint for access (RFC 6749, 4.4; RFC 7523, 2.1). */
export interface TokenRequest {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
}

/** A token that ends sooner than this is not begun with. */
const marginMs = 60_000;

/**
 * Access that a machine gets by itself, for a source: asked for once and kept until it ends or is refused. `vendor` is for
 * messages. Both methods throw `source_auth` when the vendor refuses, `source_unreachable` and `source_failed` otherwise,
 * and the signal's reason when it aborts.
 */
export function machineAccess(
  context: ConnectContext,
  vendor: string,
  request: () => TokenRequest,
  fix: string,
): GrantedAccess {
  let kept: Promise<{ token: string; until: number }> | null = null;
  const current = async (): Promise<string> => {
    if (kept === null || (await kept).until <= Date.now()) {
      kept = requestToken(context, vendor, request(), fix);
      kept.catch(() => {
        kept = null;
      });
    }
    return (await kept).token;
  };
  return {
    token: current,
    async renew(refused) {
      if ((await current()) === refused) kept = null;
      await current();
    },
  };
}

const Answer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().default(3_600) });
const Refusal = z.object({ error: z.string(), error_description: z.string().optional() });

async function requestToken(
  context: ConnectContext,
  vendor: string,
  { url, headers, form }: TokenRequest,
  fix: string,
): Promise<{ token: string; until: number }> {
  const answer = await context.egress
    .request({
      method: 'POST',
      url: url.href,
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/x-www-form-urlencoded',
        'User-Agent': 'Sluice',
        ...headers,
      },
      body: new URLSearchParams(form).toString(),
      timeoutMs: context.timeouts.connectMs,
      bodyBytesMax: 256 * 1024,
      signal: context.signal,
    })
    .catch((thrown: unknown) => {
      if (!(thrown instanceof EgressFailure)) throw thrown;
      throw new SluiceError('source_unreachable', `${url.host} did not answer: ${thrown.message}`, {
        cause: thrown,
      });
    });
  const body = parseJson(answer.body);
  const tokens = Answer.safeParse(body);
  if (tokens.success && answer.status < 300 && !answer.incomplete) {
    const { access_token: token, expires_in: seconds } = tokens.data;
    return { token, until: Date.now() + seconds * 1_000 - marginMs };
  }
  const { data: refusal } = Refusal.safeParse(body);
  const words = refusal ? `${refusal.error_description ?? refusal.error}` : `HTTP ${answer.status}`;
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
    throw new SluiceError('source_auth', `${vendor} refused the credentials: ${words.slice(0, 300)}.`, {
      fix,
    });
  }
  throw new SluiceError('source_failed', `${vendor} gave no access (${words.slice(0, 300)}).`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
