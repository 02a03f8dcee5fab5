import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import type { Compression } from './file-settings.ts';

/** The bytes, compressed as a whole. What the source throws comes out here. */
export async function* compress(
  source: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  if (compression === 'none') {
    yield* source;
    return;
  }
  const zip = compression === 'gzip' ? createGzip() : createZstdCompress();
  const fed = pipeline(source, zip);
  // Reported where the bytes are read.
  fed.catch(() => undefined);
  yield* zip;
  await fed;
}
