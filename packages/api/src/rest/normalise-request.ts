import { limitBody } from '../http/limit-body.ts';

/**
 * The request as the routes expect it. Real clients send slashes at the end of paths, bodies as forms, JSON without a
 * body, and bodies with an empty content type: all of them become JSON, an absent body an empty object.
 * Throws `payload_too_large`.
 */
export async function normaliseRequest(request: Request): Promise<Request> {
  const url = new URL(request.url);
  url.pathname = url.pathname.replace(/(?<=.)\/+$/, '');
  const init = { method: request.method, signal: request.signal };
  if (request.method === 'GET' || request.method === 'HEAD') return new Request(url, init);
  const text = await limitBody(request, (error) => error).text();
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const body = type === 'application/x-www-form-urlencoded' ? formAsJson(text) : text.trim() || '{}';
  return new Request(url, { ...init, body, headers: { 'content-type': 'application/json' } });
}

function formAsJson(text: string): string {
  return JSON.stringify(Object.fromEntries(new URLSearchParams(text)));
}
