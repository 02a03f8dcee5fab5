import { randomUUID } from 'node:crypto';
import type { ReadableStream } from 'node:stream/web';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import { Id } from '@sluice/domain/id';
import type { ServiceContext } from '@sluice/services/context';
import { getDbtProject } from '@sluice/services/dbt-project/get-dbt-project';
import { receiveFile } from '@sluice/services/dbt-project/receive-file';
import { takeManifest } from '@sluice/services/dbt-project/take-manifest';
import type { SessionClaim } from '@sluice/services/session/resolve-session';
import { createContext } from '../trpc/context.ts';
import { apiErrorView } from '../trpc/error-shape.ts';
import { isSameOrigin } from './same-origin.ts';

/**
 * Answers `PUT /api/console/dbt-projects/:id/manifest?workspace=slug&apply=false`: a manifest.json that somebody chose in
 * the browser, which is larger than what tRPC carries. Errors are JSON, as everywhere.
 */
export async function handleUploadManifest(
  services: ServiceContext,
  request: Request,
  caller: { session: SessionClaim | null; address: string },
  params: { id: string },
): Promise<Response> {
  const requestId = randomUUID();
  const headers = { 'cache-control': 'no-store', 'x-request-id': requestId };
  try {
    assertOwnOrigin(services, request);
    const { searchParams } = new URL(request.url);
    const workspaceSlug = searchParams.get('workspace');
    const actor = await createContext({ ...caller, services, requestId, workspaceSlug }).actor();
    const id = Id.safeParse(Number(params.id));
    if (!id.success) throw new SluiceError('not_found', 'There is no such dbt project in this workspace.');
    await getDbtProject(services, actor, { id: id.data });
    const apply = searchParams.get('apply') !== 'false';
    const report = await receiveFile(services, request.body as ReadableStream<Uint8Array> | null, (path) =>
      takeManifest(services, actor, { id: id.data, path, apply }, { signal: request.signal }),
    );
    return Response.json(report, { headers });
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.fault === 'ours') services.log.error({ err: thrown, requestId }, 'upload of a manifest failed');
    return Response.json(apiErrorView(error, requestId), { status: error.status, headers });
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
