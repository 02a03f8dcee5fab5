import { randomUUID } from 'node:crypto';
import { errorView, SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '@sluice/services/context';
import type { SessionClaim } from '@sluice/services/session/resolve-session';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { limitBody } from '../http/limit-body.ts';
import { isSameOrigin } from '../http/same-origin.ts';
import { createContext } from './context.ts';
import { appRouter } from './router.ts';

/**
 * Answers a request of the console below `/api/trpc`. Queries are GET, mutations POST with JSON from the console's own
 * origin; at most 10 calls in a batch and 1 MB of input.
 */
export async function handleTrpc(
  services: ServiceContext,
  request: Request,
  caller: { session: SessionClaim | null; address: string },
): Promise<Response> {
  const requestId = randomUUID();
  try {
    if (request.method !== 'GET') assertOwnOrigin(services, request);
    const response = await fetchRequestHandler({
      endpoint: '/api/trpc',
      req: limitBody(request),
      router: appRouter,
      maxBatchSize: 10,
      createContext: () =>
        createContext({
          ...caller,
          services,
          requestId,
          workspaceSlug: request.headers.get('x-sluice-workspace') ?? slugParameter(request),
        }),
    });
    response.headers.set('cache-control', 'no-store');
    response.headers.set('x-request-id', requestId);
    return response;
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    const error = { message: thrown.message, data: { sluice: { ...errorView(thrown), requestId } } };
    return Response.json({ error }, { status: thrown.status, headers: { 'x-request-id': requestId } });
  }
}

/** A form of another site can send cookies, but neither this content type nor this origin. */
function assertOwnOrigin(services: ServiceContext, request: Request): void {
  const json = (request.headers.get('content-type') ?? '').startsWith('application/json');
  if (json && isSameOrigin(request, services.settings.publicUrl)) return;
  throw new SluiceError('forbidden', 'This request did not come from the console.', {
    fix: 'Reload the page and try again. Behind a proxy, set NEXTAUTH_URL to the address that browsers use.',
  });
}

/** Event streams cannot set headers: they name the workspace in the address. */
const slugParameter = (request: Request) => new URL(request.url).searchParams.get('workspace');
