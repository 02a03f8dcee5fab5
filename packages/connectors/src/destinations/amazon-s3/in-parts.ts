/**
 * Parts of one size but the last, which Cloudflare R2 insists on; S3 wants at least 5 MiB.
 * https://developers.cloudflare.com/r2/objects/upload-objects/#limitations, https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html (2026-11)
 */
const partBytes = 8 * 1024 * 1024;
export const partsMax = 10_000;

/** The bytes in pieces of the size of a part; only the last is shorter. Empty without bytes. */
export async function* inParts(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of source) {
    for (let from = 0; from < bytes.length; ) {
      const piece = bytes.subarray(from, from + partBytes - length);
      held.push(piece);
      length += piece.length;
      from += piece.length;
      if (length < partBytes) continue;
      yield Buffer.concat(held, length);
      held = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(held, length);
}
