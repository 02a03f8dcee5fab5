import { createPrivateKey, sign } from 'node:crypto';
import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../context.ts';
import { EgressFailure } from '../egress-failure.ts';
import { formBody } from './api-request.ts';
import type { ApiCredentials } from './credentials.ts';
import { refusalWords } from './refusal-words.ts';
import { valueAtPath } from './value-at-path.ts';

export interface TokenExchange {
  /** The vendor, as people call it. */
  readonly vendor: string;
  /** Its token endpoint (RFC 6749). */
  readonly tokenUrl: URL;
  /** What is asked with; made anew for each token, because assertions carry a time. */
  readonly form: () => Readonly<Record<string, string>>;
  /** What the person typed and nobody may see. */
  readonly secrets: readonly string[];
}

/** A token that ends sooner is replaced first: requests are on their way for a while. */
const marginMs = 60_000;

/**
 * Access by a key that the person typed: it is exchanged for a token when the first request needs one, and again when the
 * token ends or is refused.
 */
export function exchanged(parts: TokenExchange, context: ConnectContext): ApiCredentials {
  let held: Promise<Token> | null = null;
  let known = '';
  const token = async (): Promise<string> => {
    const asked = held ?? requestToken(parts, context);
    held = asked;
    try {
      const { text, endsAt } = await asked;
      if (endsAt === null || endsAt - marginMs > Date.now()) {
        known = text;
        return text;
      }
    } catch (thrown) {
      if (held === asked) held = null;
      throw thrown;
    }
    if (held === asked) held = null;
    return token();
  };
  return {
    headers: async () => ({ Authorization: `Bearer ${await token()}` }),
    secrets: () => (known === '' ? parts.secrets : [...parts.secrets, known]),
    renew() {
      held = null;
      return Promise.resolve();
    },
  };
}

interface Token {
  readonly text: string;
  /** Milliseconds since 1970; `null` where the vendor does not say. */
  readonly endsAt: number | null;
}

async function requestToken(
  { vendor, tokenUrl, form }: TokenExchange,
  context: ConnectContext,
): Promise<Token> {
  const { type, text } = formBody(form());
  const answer = await context.egress
    .request({
      method: 'POST',
      url: tokenUrl.href,
      headers: { Accept: 'application/json', 'Content-Type': type, 'User-Agent': 'Sluice' },
      body: text,
      timeoutMs: context.timeouts.requestMs,
      bodyBytesMax: 256 * 1024,
      signal: context.signal,
    })
    .catch((thrown: unknown) => {
      if (!(thrown instanceof EgressFailure)) throw thrown;
      throw new SluiceError('destination_unreachable', thrown.message, { cause: thrown });
    });
  const body = parsed(answer.body);
  const access = valueAtPath(body, 'access_token');
  if (answer.status === 200 && !answer.incomplete && typeof access === 'string' && access !== '') {
    const seconds = Number(valueAtPath(body, 'expires_in'));
    // A lifetime that is all margin would be asked for without end.
    const endsAt = seconds * 1000 > marginMs ? Date.now() + seconds * 1000 : null;
    return { text: access, endsAt };
  }
  const error = valueAtPath(body, 'error');
  const words = [error, valueAtPath(body, 'error_description')].filter((part) => typeof part === 'string');
  const said = words.length > 0 ? words.join(': ').slice(0, 300) : refusalWords(answer.body);
  const refused = answer.status === 400 || answer.status === 401 || answer.status === 403;
  throw new SluiceError(
    refused ? 'destination_auth' : 'destination_failed',
    `${vendor} gave no token (HTTP ${answer.status}${said === '' ? '' : `, ${said}`}).`,
  );
}

/**
 * A claim signed with a private key (RS256), as service accounts prove who they are.
 * https://www.rfc-editor.org/rfc/rfc7523 (2015). Throws `input_invalid` at `field` for a key that is none.
 */
export function signedAssertion(
  claims: Readonly<Record<string, string | number>>,
  privateKey: string,
  field: string,
  now = Math.floor(Date.now() / 1000),
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'RS256', typ: 'JWT' });
  const text = `${head}.${part({ iat: now, exp: now + lifetimeSeconds, ...claims })}`;
  try {
    return `${text}.${sign('sha256', Buffer.from(text), createPrivateKey(privateKey)).toString('base64url')}`;
  } catch {
    // The failure of the crypto library may quote the key.
    const message = 'This is no private key in PEM form (-----BEGIN PRIVATE KEY-----).';
    throw new SluiceError('input_invalid', message, { fields: { [`configuration.${field}`]: message } });
  }
}

/** Salesforce takes assertions of at most 3 minutes, Google of an hour. */
const lifetimeSeconds = 170;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
