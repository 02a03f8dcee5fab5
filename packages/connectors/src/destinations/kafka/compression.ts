import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';

/**
 * Numbers of the compressions that are offered: of those that Kafka knows, the ones that the runtime brings itself.
 * https://kafka.apache.org/documentation/#recordbatch (2026-11)
 */
export const compressionNumbers: Readonly<Record<string, number>> = { none: 0, gzip: 1, zstd: 4 };

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Zstandard as the client wants it: it brings gzip alone. */
export const zstdCodec = {
  compress: ({ buffer }: { readonly buffer: Buffer }): Promise<Buffer> => compress(buffer),
  decompress: (buffer: Buffer): Promise<Buffer> => decompress(buffer),
};
