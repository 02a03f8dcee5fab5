import { randomUUID } from 'node:crypto';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import { Id } from '@sluice/domain/id';
import type { ServiceContext } from '@sluice/services/context';
import { rejectedCsv } from '@sluice/services/run/rejected-csv';
import type { SessionClaim } from '@sluice/services/session/resolve-session';
import { createContext } from '../trpc/context.ts';
import { apiErrorView } from '../trpc/error-shape.ts';

/**
 * Answers `GET /api/console/runs/:id/rejected.csv?workspace=slug` with the rejected rows of a run as a download. Errors
 * are JSON, as everywhere. The response streams: a run with many rejected rows does not fill the memory.
 */
export async function handleRejectedCsv(
  services: ServiceContext,
  request: Request,
  caller: { session: SessionClaim | null; address: string },
  params: { id: string },
): Promise<Response> {
  const requestId = randomUUID();
  try {
    const workspaceSlug = new URL(request.url).searchParams.get('workspace');
    const context = createContext({ ...caller, services, requestId, workspaceSlug });
    const actor = await context.actor();
    const runId = Id.safeParse(Number(params.id));
    if (!runId.success) throw new SluiceError('not_found', 'There is no such run in this workspace.');
    const pieces = await rejectedCsv(services, actor, { runId: runId.data });
    return new Response(streamOf(pieces), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="run-${runId.data}-rejected.csv"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-request-id': requestId,
      },
    });
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.fault === 'ours')
      services.log.error({ err: thrown, requestId }, 'export of rejected rows failed');
    return Response.json(apiErrorView(error, requestId), {
      status: error.status,
      headers: { 'cache-control': 'no-store', 'x-request-id': requestId },
    });
  }
}

/** Reads on only when the client does. */
function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: () => void pieces.return(undefined),
  });
}
