import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { manifestBytesMax } from '@sluice/domain/dbt-project';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';

/**
 * Writes what comes to disk, lets `work` read it there, and removes it: a slow upload of many megabytes holds no memory.
 * Throws `payload_too_large` beyond 64 MB.
 */
export async function receiveFile<Result>(
  ctx: Pick<ServiceContext, 'settings'>,
  body: ReadableStream<Uint8Array> | Iterable<Uint8Array> | null,
  work: (path: string) => Promise<Result>,
): Promise<Result> {
  const directory = join(ctx.settings.dataDirectory, 'work');
  await mkdir(directory, { recursive: true });
  const path = join(directory, `dbt-${randomUUID()}.json`);
  try {
    await pipeline(Readable.from(body ?? []), limited, createWriteStream(path, { mode: 0o600 }));
    return await work(path);
  } finally {
    await rm(path, { force: true });
  }
}

async function* limited(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > manifestBytesMax) throw tooLarge();
    yield chunk;
  }
}

/** `payload_too_large` for a file of dbt. */
export const tooLarge = (): SluiceError =>
  new SluiceError('payload_too_large', 'The file is larger than 64 MB.', {
    fix: 'Leave packages out of the project that nobody needs, or split it: 64 MB hold some ten thousand models.',
  });
