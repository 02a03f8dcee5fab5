import type { BlobStore } from '../ports.ts';
import { isSingleFile, readManifest } from './manifest.ts';

/**
 * Keys of all blobs that a ledger consists of, its own included. Throws `ledger_missing` when they cannot be known:
 * then none of them may be removed.
 */
export async function ledgerParts(blobs: Pick<BlobStore, 'read'>, key: string): Promise<string[]> {
  if (isSingleFile(key)) return [key];
  const file = await blobs.read(key);
  try {
    const { base, deltas } = await readManifest(file.path);
    return [key, base, ...deltas];
  } finally {
    await file.release();
  }
}
