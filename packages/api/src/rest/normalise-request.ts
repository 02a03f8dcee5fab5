import { SluiceError } from '@sluice/domain/error';
import { limitBody } from '../http/limit-body.ts';
import { carriesFile } from './dbt-file-routes.ts';
import { readableJson } from './readable-json.ts';

/**
 * The request as the routes expect it. Real clients send slashes at the end of paths, bodies as forms, JSON without a
 * body, and bodies with an empty content type: all of them become JSON, an absent body an empty object. Files of dbt
 * pass as they are.
 * Throws `payload_too_large`, and `input_invalid` for bodies and queries that nothing could read or store.
 */
export async function normaliseRequest(request: Request): Promise<Request> {
  const url = new URL(request.url);
  url.pathname = withoutSlash(url.pathname);
  assertQuery(url.searchParams);
  const init = { method: request.method, signal: request.signal };
  const headers = keptHeaders(request.headers);
  if (!withBody.has(request.method)) return new Request(url, { ...init, headers });
  if (carriesFile(request.method, url.pathname)) {
    headers.set('content-type', 'application/json');
    return new Request(url, { ...init, body: request.body, headers, duplex: 'half' } as RequestInit);
  }
  const text = await limitBody(request, (error) => error).text();
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const body = type === 'application/x-www-form-urlencoded' ? formAsJson(text) : text.trim() || '{}';
  readableJson(body);
  headers.set('content-type', 'application/json');
  return new Request(url, { ...init, body, headers });
}

/** A path without slashes at its end. */
export const withoutSlash = (path: string): string => path.replace(/(?<=.)\/+$/, '');

const withBody = new Set(['POST', 'PATCH', 'PUT']);

/** Routes decide by these alone. */
function keptHeaders(given: Headers): Headers {
  const key = given.get('idempotency-key');
  return new Headers(key === null ? {} : { 'idempotency-key': key });
}

function assertQuery(query: URLSearchParams): void {
  const fields: Record<string, string> = {};
  for (const [name, value] of query) {
    if (`${name}${value}`.includes('\0')) fields[name.replaceAll('\0', '')] = 'Remove the NUL character.';
  }
  if (Object.keys(fields).length === 0) return;
  throw new SluiceError('input_invalid', 'The query has a character that cannot be stored.', { fields });
}

function formAsJson(text: string): string {
  return JSON.stringify(Object.fromEntries(new URLSearchParams(text)));
}
