import type { Exchange, RequestView, ResponseView } from '@sluice/domain/sync';

/** What stands in for a secret in captured traffic. */
export const mask = '••••••••';

export interface Redactor {
  text(text: string): string;
  request(view: RequestView): RequestView;
  response(view: ResponseView): ResponseView;
  exchange(exchange: Exchange): Exchange;
}

/**
 * Makes a function that masks secrets by value, wherever they turn up: in header values, the user information and the
 * query of URLs, bodies, and answers that echo them; also in their URL-encoded, base64 and JSON-escaped forms, and
 * without the scheme of an Authorization value. Values shorter than four characters are left alone: masking them
 * would destroy the text. Headers that carry credentials by name are masked whole.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const forms = [...new Set(secrets.flatMap(formsOf))]
    .filter((form) => form.length >= lengthMin)
    // Longest first, so that a secret inside a longer one does not leave the rest of it readable.
    .sort((a, b) => b.length - a.length);
  const pattern = forms.length > 0 ? new RegExp(forms.map(escapePattern).join('|'), 'g') : null;

  const text = (value: string) => userInfo(pattern ? value.replace(pattern, mask) : value);
  const headers = (values: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        credentialHeaders.has(name.toLowerCase()) ? mask : text(value),
      ]),
    );
  const view = <V extends RequestView | ResponseView>(value: V): V => ({
    ...value,
    summary: text(value.summary),
    headers: headers(value.headers),
    body: value.body === null ? null : text(value.body),
  });
  return {
    text,
    request: view,
    response: view,
    exchange: (exchange) => ({
      ...exchange,
      request: view(exchange.request),
      response: exchange.response && view(exchange.response),
      error: exchange.error === null ? null : text(exchange.error),
    }),
  };
}

const lengthMin = 4;

const credentialHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'api-key',
  'x-auth-token',
]);

function formsOf(secret: string): string[] {
  return partsOf(secret.trim()).flatMap((part) => [
    part,
    encodeURIComponent(part),
    encodeURIComponent(part).replaceAll('%20', '+'),
    JSON.stringify(part).slice(1, -1),
    Buffer.from(part).toString('base64'),
    Buffer.from(part).toString('base64url'),
  ]);
}

/** `Bearer abc` is as secret as `abc`; `Basic …` holds a password of its own. */
function partsOf(secret: string): string[] {
  const [, scheme, credentials] = /^(\S+)\s+(\S{8,})$/.exec(secret) ?? [];
  if (scheme === undefined || credentials === undefined) return [secret];
  if (scheme.toLowerCase() !== 'basic') return [secret, credentials];
  const password = Buffer.from(credentials, 'base64').toString('utf8').split(':').slice(1).join(':');
  return [secret, credentials, password].filter((part) => part !== '');
}

/** `https://user:password@host` keeps neither. */
const userInfo = (text: string): string =>
  !text.includes('://') ? text : text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"']+@/gi, `$1${mask}@`);

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
