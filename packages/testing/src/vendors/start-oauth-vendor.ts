import { createHash } from 'node:crypto';
import { type HttpServer, startHttpServer } from '../http-server.ts';

/**
 * A vendor's sign-in: `/oauth/authorize` is a page on which people agree, the token endpoint gives tokens that last a
 * moment.
 */
export interface OAuthVendor {
  readonly url: string;
  readonly port: number;
  /** What a person does who agrees: answers the address that the vendor sends them back to. */
  agree(authorizeUrl: string): URL;
  /** Tokens that were given, in order. */
  readonly given: string[];
  /** How many times somebody asked with a refresh token. */
  refreshes: number;
  /** Refresh tokens are taken no more. */
  revoked: boolean;
  /** The endpoint answers 503. */
  away: boolean;
  expiresIn: number;
  close(): Promise<void>;
}

/** What vendors do differently. */
export interface OAuthManners {
  /** Where the client says who it is; the other place is refused. */
  readonly authentication: 'body' | 'basic';
  /** A refresh token is used once, and the answer brings the next one; otherwise it stays, and is not said again. */
  readonly rotates: boolean;
  /** How long an access token lasts is said. */
  readonly saysExpiry: boolean;
  /** What has to stand in the address where people agree; without it no refresh token is given. */
  readonly asks?: Readonly<Record<string, string>>;
}

/** Starts one for a client; `tokenPath` is that of its token endpoint. It holds PKCE. */
export async function startOAuthVendor(
  client: { id: string; secret: string },
  tokenPath: string,
  manners: OAuthManners = { authentication: 'body', rotates: true, saysExpiry: true },
): Promise<OAuthVendor> {
  const basic = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
  const codes = new Map<string, { challenge: string; redirectUri: string; renewable: boolean }>();
  const state = { given: [] as string[], refreshes: 0, revoked: false, away: false, expiresIn: 1800 };
  let current = '';
  const give = (renewing: boolean, renewable = true) => {
    const number = state.given.length + 1;
    const says = renewable && (manners.rotates || !renewing);
    if (says) current = `refresh-${number}-0123456789`;
    state.given.push(`access-${number}-0123456789`);
    return {
      body: {
        access_token: `access-${number}-0123456789`,
        ...(says && { refresh_token: current }),
        ...(manners.saysExpiry && { expires_in: state.expiresIn }),
        token_type: 'bearer',
      },
    };
  };
  const knows = (headers: Record<string, string>, form: URLSearchParams): boolean =>
    manners.authentication === 'basic'
      ? headers.authorization === basic && !form.has('client_secret')
      : form.get('client_id') === client.id && form.get('client_secret') === client.secret;
  const refuse = (error: string) => ({ status: 400, body: { error } });
  const agree = (authorizeUrl: string): URL => {
    const asked = new URL(authorizeUrl, 'http://vendor');
    const code = `code-${codes.size + state.given.length + 1}`;
    const redirectUri = asked.searchParams.get('redirect_uri') ?? '';
    const renewable = Object.entries(manners.asks ?? {}).every(
      ([name, value]) => asked.searchParams.get(name) === value,
    );
    const challenge = asked.searchParams.get('code_challenge') ?? '';
    codes.set(code, { challenge, redirectUri, renewable });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.searchParams.get('state') ?? '');
    return back;
  };
  const server: HttpServer = await startHttpServer(({ method, path, headers, body }) => {
    if (method === 'GET' && path.startsWith('/oauth/authorize?')) return { body: consentPage(agree(path)) };
    if (path !== tokenPath) return { status: 404 };
    if (state.away) return { status: 503 };
    const form = new URLSearchParams(body);
    if (!knows(headers, form)) return { status: 401, body: { error: 'invalid_client' } };
    if (form.get('grant_type') === 'refresh_token') {
      state.refreshes += 1;
      return state.revoked || form.get('refresh_token') !== current ? refuse('invalid_grant') : give(true);
    }
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!code || code.challenge !== challenge || code.redirectUri !== form.get('redirect_uri'))
      return refuse('invalid_grant');
    return give(false, code.renewable);
  });
  return Object.assign(state, {
    url: server.url,
    port: server.port,
    agree,
    close: () => server.close(),
  });
}

const consentPage = (back: URL): string =>
  `<!doctype html><html lang="en"><title>Vendor</title><main><h1>Give Sluice access?</h1>
<a href="${back.href.replaceAll('&', '&amp;')}">Give access</a></main></html>`;
