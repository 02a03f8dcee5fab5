import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { SluiceError } from '@sluice/domain/error';
import { abortError } from '../aborted.ts';
import type { ConnectContext } from '../context.ts';
import { EgressFailure } from '../egress-failure.ts';
import { type GuardedStream, openGuardedStream } from '../http/guarded-stream.ts';
import type { StoredFile } from './stored-files.ts';
import { writeBytes } from './write-bytes.ts';

/** Each address is a file that is called what its path ends with. */
export function listUrls(
  urls: readonly URL[],
  authorization: string | null,
  context: ConnectContext,
): StoredFile[] {
  return urls.map((url) => ({
    name: decodeURIComponent(basename(url.pathname)),
    fetch: (folder) => download(url, authorization, folder, context),
  }));
}

/** Fetches an address through the guard; redirects are not followed. */
async function download(
  url: URL,
  authorization: string | null,
  folder: string,
  context: ConnectContext,
): Promise<string> {
  let stream: GuardedStream | null = null;
  try {
    const response = await openGuardedStream(context, {
      method: 'GET',
      url,
      headers: { ...(authorization !== null && { authorization }) },
      silenceMs: context.timeouts.requestMs,
      signal: context.signal,
    });
    stream = response;
    if (response.status !== 200) throw refusal(url, response.status);
    const path = join(folder, `${randomUUID()}-${basename(url.pathname).replaceAll(/[^\w.-]/g, '_')}`);
    const length = Number(response.headers['content-length'] ?? Number.NaN);
    const written = await writeBytes(response.body, path);
    if (Number.isFinite(length) && written !== length) {
      throw new SluiceError('source_ended_early', `${url.host} sent ${written} of ${length} bytes.`);
    }
    return path;
  } catch (thrown) {
    if (context.signal.aborted) throw abortError(context.signal);
    if (thrown instanceof SluiceError) throw thrown;
    const met = thrown instanceof EgressFailure ? thrown.message : 'The connection broke.';
    throw new SluiceError('source_unreachable', `${url.host} could not be read. ${met}`, {
      fix: 'Check the address, and that the server lets Sluice in.',
      cause: thrown,
    });
  } finally {
    await (stream as GuardedStream | null)?.close();
  }
}

function refusal(url: URL, status: number): SluiceError {
  const where = `${url.host}${url.pathname}`;
  if (status === 401 || status === 403) {
    return new SluiceError('source_auth', `The server refused ${where} (${status}).`, {
      fix: 'Check the Authorization header, and that it may read this address.',
    });
  }
  if (status >= 300 && status < 400) {
    return new SluiceError('source_failed', `${where} is a redirect (${status}).`, {
      fix: 'Enter the address that it leads to: redirects are not followed, so that the header goes nowhere else.',
    });
  }
  return new SluiceError('source_failed', `The server answered ${status} for ${where}.`, {
    fix: 'Open the address in a browser and correct it.',
  });
}
