import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import type { ConnectContext } from '../../kit/context.ts';
import { openGuardedStream } from '../../kit/http/guarded-stream.ts';

const unpack = promisify(gunzip);

const Refusal = z.object({
  error: z.object({ message: z.string().default(''), errors: z.array(z.unknown()).default([]) }),
});

/**
 * `GET` of a whole JSON document, however large. Pages of a result go this way and not through the vendor's client, which
 * copies each value of an answer once more: it takes three times as long. Throws errors that look like the client's.
 */
export async function getJson(
  context: ConnectContext,
  url: URL,
  token: string,
  silenceMs: number,
): Promise<unknown> {
  const stream = await openGuardedStream(context, {
    method: 'GET',
    url,
    // Google packs answers for those only who say so twice. https://cloud.google.com/bigquery/docs/api-performance (read 2026-11-22)
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'Sluice (gzip)', 'accept-encoding': 'gzip' },
    silenceMs,
    signal: context.signal,
  });
  try {
    const bytes = Buffer.concat(await stream.body.toArray());
    const plain = stream.headers['content-encoding'] === 'gzip' ? await unpack(bytes) : bytes;
    if (stream.status >= 200 && stream.status < 300) return JSON.parse(plain.toString('utf8'));
    throw refusalOf(stream.status, plain.toString('utf8'));
  } finally {
    await stream.close();
  }
}

function refusalOf(code: number, text: string): Error {
  const { message, errors } = Refusal.safeParse(parsed(text)).data?.error ?? {
    message: `HTTP ${code}`,
    errors: [],
  };
  return Object.assign(new Error(message), { code, errors });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
