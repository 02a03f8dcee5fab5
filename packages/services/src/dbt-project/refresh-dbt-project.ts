import { EgressFailure } from '@sluice/connectors/kit/egress-failure';
import { type Actor, authorise } from '@sluice/domain/actor';
import { type ManifestReport, manifestBytesMax } from '@sluice/domain/dbt-project';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';
import { openHeader } from './dbt-header.ts';
import { getProjectRow, type ProjectRow } from './dbt-project-view.ts';
import { receiveFile, tooLarge } from './receive-file.ts';
import { takeManifest } from './take-manifest.ts';

const fetchMs = 120_000;

/**
 * Fetches the manifest from the project's address and takes it. Throws `not_found`, `egress_refused`, `input_invalid`
 * when there is no address or it answers something else than the file, and what `takeManifest` throws.
 */
export async function refreshDbtProject(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number; apply: boolean },
  options: { signal: AbortSignal },
): Promise<ManifestReport> {
  authorise(actor, 'model.write');
  const project = await getProjectRow(ctx.db, actor.workspaceId, input.id);
  const body = await ctx.limits.run('check', actor.workspaceId, () => fetchManifest(ctx, project, options));
  return receiveFile(ctx, [Buffer.from(body)], (path) =>
    takeManifest(ctx, actor, { ...input, path }, options),
  );
}

async function fetchManifest(
  ctx: ServiceContext,
  project: ProjectRow,
  { signal }: { signal: AbortSignal },
): Promise<string> {
  const { url, headerName, header } = project;
  if (url === null) throw refused('This project has no address: its manifest is uploaded.');
  const headers: Record<string, string> = { accept: '*/*' };
  if (headerName && header) headers[headerName.toLowerCase()] = await openHeader(ctx, project, header);
  const { host } = new URL(url);
  try {
    const answer = await ctx.egress.request({
      method: 'GET',
      url,
      headers,
      timeoutMs: fetchMs,
      bodyBytesMax: manifestBytesMax,
      signal,
    });
    if (answer.status !== 200) throw refused(`${host} answered ${answer.status} instead of the manifest.`);
    if (answer.incomplete && Buffer.byteLength(answer.body) >= manifestBytesMax - 4) throw tooLarge();
    if (answer.incomplete) throw refused(`${host} ended its answer early.`);
    return answer.body;
  } catch (thrown) {
    if (!(thrown instanceof EgressFailure)) throw thrown;
    throw refused(`${host} could not be asked for the manifest: ${thrown.message}`, thrown);
  }
}

const refused = (message: string, cause?: unknown): SluiceError =>
  new SluiceError('input_invalid', message, {
    fields: { url: message },
    fix: 'Open the address with the same header elsewhere; redirects are not followed.',
    ...(cause !== undefined && { cause }),
  });
