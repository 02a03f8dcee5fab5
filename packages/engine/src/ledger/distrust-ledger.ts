import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Duck } from '../duck.ts';
import type { BlobStore, StoredLedger } from '../ports.ts';
import { columnList, literal } from '../sql.ts';
import { type LedgerManifest, writeManifest } from './manifest.ts';
import { openLedger } from './open-ledger.ts';

/**
 * Stores a ledger that knows the same keys and trusts none of their values: the next run sends every row again, and
 * removes those that have left. For when nobody can tell what the destination was sent. Throws `ledger_missing`.
 */
export async function distrustLedger(
  duck: Duck,
  ledgerKey: string,
  ports: {
    readonly blobs: BlobStore;
    readonly name: string;
    readonly primaryKey: string;
    readonly workDirectory: string;
  },
): Promise<StoredLedger> {
  const { blobs, workDirectory } = ports;
  const old = await openLedger(duck, blobs, ledgerKey);
  try {
    const path = join(workDirectory, 'distrusted.parquet');
    const rows = await duck.run(`
      COPY (SELECT key, NULL::BLOB AS fp, doubt ${columnList(old.kept.length, (index) => `k${index}`)} FROM ${old.relation})
      TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
    const name = `${ports.name}-${randomUUID()}`;
    const base = `${name}.base.parquet`;
    await blobs.put(base, path);
    const manifest: LedgerManifest = {
      version: 2,
      rows,
      doubts: old.doubts,
      base,
      deltas: [],
      primaryKey: ports.primaryKey,
      fingerprinted: old.fingerprinted ?? [],
      kept: old.kept,
    };
    const manifestPath = join(workDirectory, 'distrusted.json');
    await writeManifest(manifestPath, manifest);
    await blobs.put(`${name}.json`, manifestPath);
    return { blobKey: `${name}.json`, rows, doubts: old.doubts };
  } finally {
    await old.release();
  }
}
