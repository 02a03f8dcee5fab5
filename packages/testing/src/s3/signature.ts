import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Keys that may sign, by access key id. `token`: only together with this session token. */
export type Keys = ReadonlyMap<string, { readonly secret: string; readonly token?: string }>;

/**
 * Checks a request's AWS signature, version 4, and that the body is the one that was signed. Answers the code of AWS for
 * what is wrong, `null` when nothing is.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html (2026-11)
 */
export function signatureFault(request: IncomingMessage, body: Buffer, keys: Keys): string | null {
  const header = request.headers.authorization ?? '';
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  if (!match) return 'AccessDenied';
  const [, id = '', day = '', region = '', service = '', signedHeaders = '', signature] = match;
  const key = keys.get(id);
  if (!key) return service === 's3' ? 'InvalidAccessKeyId' : 'InvalidClientTokenId';
  if ((request.headers['x-amz-security-token'] ?? undefined) !== key.token) return 'InvalidToken';
  const payload = String(request.headers['x-amz-content-sha256'] ?? sha256(body));
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(body)) return 'XAmzContentSHA256Mismatch';
  const names = signedHeaders.split(';');
  if (!names.includes('host')) return 'AccessDenied';
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const canonical = [
    request.method,
    path,
    canonicalQuery(query),
    ...names.map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replaceAll(/ +/g, ' ')}`,
    ),
    '',
    signedHeaders,
    payload,
  ].join('\n');
  const at = String(request.headers['x-amz-date']);
  const text = ['AWS4-HMAC-SHA256', at, `${day}/${region}/${service}/aws4_request`, sha256(canonical)].join(
    '\n',
  );
  const signing = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${key.secret}`, day));
  return hmac(signing, text).toString('hex') === signature ? null : 'SignatureDoesNotMatch';
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

function canonicalQuery(query: string): string {
  const encode = (text: string): string =>
    encodeURIComponent(decodeURIComponent(text.replaceAll('+', '%20'))).replaceAll(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return `${encode(name)}=${encode(value)}`;
    })
    .sort()
    .join('&');
}
