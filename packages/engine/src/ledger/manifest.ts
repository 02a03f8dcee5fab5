import { readFile, writeFile } from 'node:fs/promises';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';

/**
 * What a ledger is made of: a base, and deltas that say how keys have changed since, the newest last. A small JSON
 * blob, written after the files that it names; a ledger is replaced by naming another manifest.
 */
export interface LedgerManifest {
  readonly version: 2;
  /** Keys that the destination is known or suspected to hold. */
  readonly rows: number;
  /** Keys of which nobody knows; missing in manifests from before they were counted. */
  readonly doubts?: number;
  /** Blob keys of Parquet files; see `writeLedgerFile` for their columns. */
  readonly base: string;
  readonly deltas: readonly string[];
  readonly primaryKey: string;
  /** Names of the columns under the fingerprint, sorted, the primary key included. */
  readonly fingerprinted: readonly string[];
  /** Definitions of `k0…`, the same in all files. */
  readonly kept: readonly Column[];
}

/** Whether a blob under `ledgers/` stands for a whole ledger: a manifest, or one file as before there were deltas. */
export const isLedgerKey = (key: string): boolean => !/\.(base|delta)\.parquet$/.test(key);

/** Whether a ledger is one Parquet file with its description inside, as before there were deltas. */
export const isSingleFile = (key: string): boolean => key.endsWith('.parquet');

/** Reads a manifest. Throws `ledger_missing` if the file is not one. */
export async function readManifest(path: string): Promise<LedgerManifest> {
  try {
    const manifest = JSON.parse(await readFile(path, 'utf8')) as LedgerManifest;
    if (manifest.version === 2 && typeof manifest.base === 'string') return manifest;
  } catch (cause) {
    throw unreadableLedger(cause);
  }
  throw unreadableLedger();
}

export const writeManifest = (path: string, manifest: LedgerManifest): Promise<void> =>
  writeFile(path, JSON.stringify(manifest));

export const unreadableLedger = (cause?: unknown): SluiceError =>
  new SluiceError('ledger_missing', 'The files with what the destination has acknowledged cannot be read.', {
    cause,
  });
