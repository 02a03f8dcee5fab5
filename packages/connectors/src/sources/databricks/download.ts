import { get as httpsGet } from 'node:https';
import { abortError } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { createGuardedAgents } from '../../kit/guarded-agent.ts';

/** A part of a result is never larger than this at Databricks. */
const chunkBytesMax = 256 * 1024 * 1024;

/**
 * Fetches a part of a result from the cloud's own storage: the address is signed, so our token does not go there. Throws
 * `LinkRefused` where the address is not good any more, and what broke otherwise.
 */
export function download(
  link: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  agents: ReturnType<typeof createGuardedAgents>,
  { signal, timeouts }: ConnectContext,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const request = httpsGet(
    link.url,
    {
      agent: agents.https,
      headers: { ...link.headers, 'User-Agent': 'Sluice' },
      timeout: timeouts.requestMs,
    },
    (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        return reject(new LinkRefused(response.statusCode ?? 0));
      }
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        parts.push(part);
        size += part.length;
        if (size > chunkBytesMax) request.destroy(new Error('a part of the result is too large'));
      });
      response.once('end', () => resolve(Buffer.concat(parts)));
      response.once('error', reject);
      response.once('close', () => reject(new Error('the download broke off')));
    },
  );
  const leave = () => request.destroy(abortError(signal));
  signal.addEventListener('abort', leave, { once: true });
  request.once('timeout', () => request.destroy(new Error('nothing came for too long')));
  request.once('error', reject);
  request.once('close', () => signal.removeEventListener('abort', leave));
  if (signal.aborted) leave();
  return promise;
}

/** The storage does not take this address (any more). */
export class LinkRefused extends Error {
  constructor(status: number) {
    super(`The storage answered HTTP ${status}.`);
  }
}
