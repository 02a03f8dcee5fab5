import { randomUUID } from 'node:crypto';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '@sluice/services/context';
import type { SessionClaim } from '@sluice/services/session/resolve-session';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { limitBody } from '../http/limit-body.ts';
import { isSameOrigin } from '../http/same-origin.ts';
import { createContext } from './context.ts';
import { trpcErrorOf } from './error-shape.ts';
import { appRouter } from './router.ts';

/**
 * Answers a request of the console below `/api/trpc`. Queries are GET, mutations POST with JSON from the console's own
 * origin; at most 10 calls in a batch and 1 MB of input. The workspace is named by the header `x-sluice-workspace`;
 * event streams, which have no headers, name it in their connection parameters.
 */
export async function handleTrpc(
  services: ServiceContext,
  request: Request,
  caller: { session: SessionClaim | null; address: string },
): Promise<Response> {
  const requestId = randomUUID();
  const startedAt = performance.now();
  const response = await fetchRequestHandler({
    endpoint: '/api/trpc',
    req: limitBody(request, trpcErrorOf),
    router: appRouter,
    maxBatchSize: 10,
    createContext: ({ info }) => {
      if (request.method !== 'GET') assertOwnOrigin(services, request);
      const named = request.headers.get('x-sluice-workspace') ?? info.connectionParams?.workspace;
      return createContext({ ...caller, services, requestId, workspaceSlug: named ?? null });
    },
  });
  services.requests.add({
    api: 'console',
    route: '/api/trpc',
    method: request.method,
    status: response.status,
    seconds: (performance.now() - startedAt) / 1000,
  });
  response.headers.set('cache-control', 'no-store');
  response.headers.set('x-request-id', requestId);
  return response;
}

/** A form of another site can send cookies, but neither this content type nor this origin. */
function assertOwnOrigin(services: ServiceContext, request: Request): void {
  const json = (request.headers.get('content-type') ?? '').startsWith('application/json');
  if (json && isSameOrigin(request, services.settings.publicUrl)) return;
  throw trpcErrorOf(
    new SluiceError('forbidden', 'This request did not come from the console.', {
      fix: 'Reload the page and try again. Behind a proxy, set NEXTAUTH_URL to the address that browsers use.',
    }),
  );
}
