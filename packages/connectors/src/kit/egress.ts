import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { SluiceError } from '@sluice/domain/error';
import { Agent, type Dispatcher, request as send } from 'undici';
import { abortError, untilAborted } from './aborted.ts';
import type { Egress, EgressRequest, EgressResponse } from './context.ts';
import { createDial } from './egress-dial.ts';
import { EgressFailure, errorCode } from './egress-failure.ts';
import { type LastLook, lastLook } from './egress-last-look.ts';
import { createResolve, type EgressPolicy } from './egress-policy.ts';

export interface EgressSettings extends EgressPolicy {
  /** Longest wait for a connection, TLS included; 10 s by default. */
  readonly connectMs?: number;
  /** Certificates to trust besides the usual ones, for operators with an own authority. */
  readonly ca?: string[];
}

/** Bytes of an answer that are read at most, whatever a request asks for. */
export const bodyBytesMax = 5 * 1024 * 1024;

/**
 * The guard that all traffic to addresses named by users goes through. HTTP connections are pooled and kept alive;
 * the address is checked on every new connection and dialled as checked; redirects are not followed; proxy
 * variables have no effect.
 *
 * `request` throws `egress_refused` or `input_invalid` for what is not permitted, EgressFailure for what broke, and
 * the signal's reason when it aborts. `close` ends idle and open connections.
 */
export function createEgress(settings: EgressSettings): Egress & { close(): Promise<void> } {
  const resolve = createResolve(settings);
  const agent = new Agent({
    connect: createDial(resolve, settings.connectMs ?? 10_000, settings.ca),
    // Our own timer covers the whole request; undici's would only cover parts of it.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 60_000,
    pipelining: 1,
    maxHeaderSize: 64 * 1024,
  });
  const dispatcher = agent.compose(lastLook);
  return {
    resolve,
    request: (request) => requestOnce(dispatcher, request),
    close: () => agent.destroy(),
  };
}

async function requestOnce(dispatcher: Dispatcher, request: EgressRequest): Promise<EgressResponse> {
  const url = readUrl(request.url);
  const ended = new AbortController();
  const { signal } = ended;
  let timedOut = false;
  // Composed signals and their timers would cost as much as all the rest of a small request.
  const onAbort = (): void => ended.abort(request.signal.reason);
  const timer = setTimeout(() => {
    timedOut = true;
    ended.abort(new DOMException('timed out', 'TimeoutError'));
  }, request.timeoutMs);
  if (request.signal.aborted) onAbort();
  else request.signal.addEventListener('abort', onAbort, { once: true });
  let left = false;
  let kept: { readonly thrown: unknown } | null = null;
  const look: LastLook = {
    beforeSend() {
      signal.throwIfAborted();
      try {
        request.beforeSend?.();
        left = true;
      } catch (thrown) {
        kept = { thrown };
        throw thrown;
      }
    },
  };
  try {
    const sending = send(url, {
      ...look,
      dispatcher,
      method: request.method.toUpperCase() as Dispatcher.HttpMethod,
      headers: request.headers,
      body: request.body ?? null,
      signal,
    });
    // undici notices an abort only when the request has its connection.
    const response = await untilAborted(sending, signal);
    const body = await readBody(response, Math.min(request.bodyBytesMax, bodyBytesMax));
    if (request.signal.aborted) throw abortError(request.signal);
    return { status: response.statusCode, headers: flatHeaders(response.headers), ...body };
  } catch (thrown) {
    if (kept) throw (kept as { readonly thrown: unknown }).thrown;
    if (request.signal.aborted) throw abortError(request.signal);
    throw failure(thrown, { left, timedOut, timeoutMs: request.timeoutMs });
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', onAbort);
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) {
    throw new SluiceError('egress_refused', 'The URL cannot be read.', {
      fix: 'Write a whole URL, such as https://api.example.com/v1/contacts.',
    });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new SluiceError(
      'egress_refused',
      `Sluice sends to http and https URLs only, not to ${url.protocol}`,
      {
        fix: 'Use an https:// URL.',
      },
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new SluiceError('egress_refused', 'The URL holds a user name or a password.', {
      fix: 'Take them out of the URL and put them into a secret Authorization header.',
    });
  }
  return url;
}

/** Reads at most `max` bytes after decompression. A cut or broken body is `incomplete`, never an error. */
async function readBody(
  response: Dispatcher.ResponseData,
  max: number,
): Promise<{ body: string; incomplete: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  let incomplete = false;
  const stream = decoded(response);
  // By events: most answers are short, and an iterator costs more than it reads.
  await new Promise<void>((resolve) => {
    const breakOff = (): void => {
      incomplete = true;
      resolve();
    };
    stream.on('data', (bytes: Buffer) => {
      if (incomplete) return;
      chunks.push(bytes.subarray(0, max - size));
      size += bytes.length;
      if (size > max) breakOff();
    });
    stream.once('end', resolve);
    stream.on('error', breakOff);
    stream.once('close', () => (stream.readableEnded ? resolve() : breakOff()));
  });
  stream.destroy();
  if (incomplete) response.body.destroy();
  return { body: Buffer.concat(chunks).toString('utf8'), incomplete };
}

/** We never ask for compression, but some servers send it all the same. */
function decoded(response: Dispatcher.ResponseData): Readable {
  const raw: Readable = response.body;
  const encoding = String(response.headers['content-encoding'] ?? '').toLowerCase();
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : null;
  if (!decoder) return raw;
  raw.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => raw.destroy());
  return raw.pipe(decoder);
}

function flatHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function failure(
  thrown: unknown,
  { left, timedOut, timeoutMs }: { left: boolean; timedOut: boolean; timeoutMs: number },
): Error {
  if (thrown instanceof SluiceError || thrown instanceof EgressFailure) return thrown;
  if (timedOut) {
    return new EgressFailure('timeout', left, `No whole answer within ${timeoutMs} ms.`, thrown);
  }
  const code = errorCode(thrown);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    const reason = thrown instanceof Error ? thrown.message : 'unknown';
    return new SluiceError('input_invalid', `The request cannot be sent as it is: ${reason}.`, {
      fix: 'Check the method and the headers: Sluice sets Connection, Content-Length and Transfer-Encoding itself.',
      cause: thrown,
    });
  }
  return new EgressFailure('send', left, 'The connection broke before the answer was complete.', thrown);
}
