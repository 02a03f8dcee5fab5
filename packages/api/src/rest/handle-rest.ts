import { randomUUID } from 'node:crypto';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '@sluice/services/context';
import { type LimitState, limitRules } from '@sluice/services/limit/rate-limits';
import { resolveToken } from '@sluice/services/token/resolve-token';
import { apiDocument } from './api-document.ts';
import { errorResponse } from './error-response.ts';
import { forClient, readsCopies } from './known-client.ts';
import { normaliseRequest, withoutSlash } from './normalise-request.ts';
import { openapiPath, restApp } from './rest-app.ts';

/**
 * Answers a request below `/api/v1` or `/api/v2`. The token is checked before anything else, so that a stranger learns nothing about
 * which paths and ids exist; only the description of the API is public. Never throws.
 */
export async function handleRest(
  services: ServiceContext,
  request: Request,
  client: { address: string },
): Promise<Response> {
  const requestId = randomUUID();
  const startedAt = performance.now();
  const matched = { route: 'none' };
  const response = await answer(services, request, client.address, { requestId, matched });
  services.requests.add({
    api: 'rest',
    route: matched.route === '/*' ? 'none' : matched.route,
    method: request.method,
    status: response.status,
    seconds: (performance.now() - startedAt) / 1000,
  });
  response.headers.set('x-request-id', requestId);
  response.headers.set('cache-control', 'no-store');
  response.headers.set('x-content-type-options', 'nosniff');
  return response;
}

async function answer(
  services: ServiceContext,
  request: Request,
  address: string,
  { requestId, matched }: { requestId: string; matched: { route: string } },
): Promise<Response> {
  try {
    const { pathname } = new URL(request.url);
    if (request.method === 'GET' && withoutSlash(pathname) === openapiPath)
      return Response.json(apiDocument());
    const actor = await authenticate(services, request, address, requestId);
    const used = await take(services, tokenIdOf(actor.identity));
    if (used instanceof SluiceError) return withLimits(errorResponse(used, requestId), usedUp(used));
    const response = await restApp.fetch(await normaliseRequest(request), {
      services,
      actor,
      requestId,
      matched,
      readsCopies: readsCopies(request),
    });
    return withLimits(await forClient(request, response), used);
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.fault === 'ours') {
      services.log.error({ requestId, err: error.cause ?? error }, 'request to the API failed');
    }
    return errorResponse(error, requestId);
  }
}

async function authenticate(services: ServiceContext, request: Request, address: string, requestId: string) {
  const [, secret] = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  try {
    return await resolveToken(services, secret ?? null, requestId);
  } catch (thrown) {
    if (thrown instanceof SluiceError && thrown.code === 'unauthenticated') {
      await services.limits.take('apiUnauthenticated', address);
    }
    throw thrown;
  }
}

/** One use of the token's limit, or the refusal. */
async function take(services: ServiceContext, tokenId: number): Promise<LimitState | SluiceError> {
  try {
    return await services.limits.take('api', tokenId);
  } catch (thrown) {
    if (thrown instanceof SluiceError && thrown.code === 'rate_limited') return thrown;
    throw thrown;
  }
}

const usedUp = ({ retryAfterMs }: SluiceError): LimitState => ({
  limit: limitRules.api.points,
  remaining: 0,
  resetSeconds: Math.ceil((retryAfterMs ?? 0) / 1000),
});

const tokenIdOf = (identity: { kind: string; tokenId?: number }) => identity.tokenId ?? 0;

function withLimits(response: Response, used: LimitState): Response {
  response.headers.set('ratelimit-limit', String(used.limit));
  response.headers.set('ratelimit-remaining', String(used.remaining));
  response.headers.set('ratelimit-reset', String(used.resetSeconds));
  return response;
}
