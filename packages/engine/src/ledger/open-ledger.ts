import type { Column } from '@sluice/domain/column';
import type { Duck } from '../duck.ts';
import type { BlobStore, LocalFile } from '../ports.ts';
import { columnList, literal } from '../sql.ts';
import { baseSql } from './base-file.ts';
import { findMetadata, type LedgerMetadata } from './file-metadata.ts';
import { isSingleFile, type LedgerManifest, readManifest, unreadableLedger } from './manifest.ts';

/** A ledger, ready to be compared with. */
export interface OpenLedger {
  /** `null` before the first run: the ledger is empty. */
  readonly key: string | null;
  readonly rows: number;
  /** Rows that may or may not have arrived. */
  readonly doubts: number;
  /** Names of the columns under the fingerprint, sorted; `null` where there is no ledger. */
  readonly fingerprinted: readonly string[] | null;
  /** Definitions of `k0…`. */
  readonly kept: readonly Column[];
  /** The base, and the deltas after it in the order they were written. */
  readonly files: readonly LedgerFile[];
  /**
   * SQL of what is true now, one row for each key: `key`; `fp`, the fingerprint as last acknowledged (NULL: unknown);
   * `doubt`; and `k0…`, the values as canonical text.
   */
  readonly relation: string;
  /** Frees temporary copies; the relation is over then. */
  release(): Promise<void>;
}

export interface LedgerFile {
  /** Blob key. */
  readonly key: string;
  readonly path: string;
  readonly rows: number;
}

/**
 * Opens a ledger; the only reader of its files. Throws `ledger_missing` when a part of it is gone or unreadable.
 * With deltas the table `touched` says which of them has the last word about a key.
 */
export async function openLedger(
  duck: Duck,
  blobs: Pick<BlobStore, 'read'>,
  key: string | null,
): Promise<OpenLedger> {
  if (key === null) return noLedger;
  const local: LocalFile[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(local.splice(0).map((file) => file.release()));
  };
  const open = async (blobKey: string): Promise<string> => {
    const file = await blobs.read(blobKey);
    local.push(file);
    return file.path;
  };
  try {
    const path = await open(key);
    const described = isSingleFile(key) ? await describeSingle(duck, key, path) : await readManifest(path);
    const files: LedgerFile[] = [];
    for (const part of [described.base, ...described.deltas]) {
      const partPath = part === key ? path : await open(part);
      files.push({ key: part, path: partPath, rows: await countRows(duck, partPath) });
    }
    const { kept, fingerprinted } = described;
    const rows = described.rows ?? files[0]?.rows ?? 0;
    const relation = await relationOf(duck, files, kept);
    const doubts = described.doubts ?? (await countDoubts(duck, relation));
    return { key, rows, doubts, fingerprinted, kept, files, relation, release };
  } catch (thrown) {
    await release();
    throw thrown;
  }
}

const noLedger: OpenLedger = {
  key: null,
  rows: 0,
  doubts: 0,
  fingerprinted: null,
  kept: [],
  files: [],
  relation: `(SELECT NULL::VARCHAR AS key, NULL::BLOB AS fp, 'none' AS doubt WHERE false)`,
  release: async () => undefined,
};

/** A ledger of one file tells about itself. */
async function describeSingle(
  duck: Duck,
  key: string,
  path: string,
): Promise<
  Pick<LedgerManifest, 'base' | 'deltas' | 'kept' | 'fingerprinted' | 'doubts'> & { rows?: number }
> {
  const metadata = await findMetadata<LedgerMetadata>(duck, path).catch((cause: unknown) => {
    throw unreadableLedger(cause);
  });
  return { base: key, deltas: [], kept: metadata?.kept ?? [], fingerprinted: metadata?.fingerprinted ?? [] };
}

/** Also a check that the file is whole: its end is where the number stands. */
async function countRows(duck: Duck, path: string): Promise<number> {
  const [row] = await duck
    .rows(`SELECT count(*)::INTEGER FROM read_parquet(${literal(path)})`)
    .catch((cause: unknown) => {
      throw unreadableLedger(cause);
    });
  return Number(row?.[0]);
}

async function countDoubts(duck: Duck, relation: string): Promise<number> {
  const [row] = await duck.rows(`SELECT count(*)::INTEGER FROM ${relation} WHERE doubt <> 'none'`);
  return Number(row?.[0]);
}

async function relationOf(
  duck: Duck,
  files: readonly LedgerFile[],
  kept: readonly Column[],
): Promise<string> {
  const [first, ...rest] = files;
  if (!first) return noLedger.relation;
  const base = baseSql(first, kept.length);
  const deltas = rest.map(({ path }) => `read_parquet(${literal(path)})`);
  if (deltas.length === 0) return base;
  const each = (columns: string): string =>
    deltas
      .map((delta, place) => `SELECT ${columns}, ${place}::TINYINT AS place FROM ${delta}`)
      .join(' UNION ALL ');
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE touched AS
    SELECT key, max(place) AS place FROM (${each('key')}) GROUP BY key`);
  const columns = `key, fp, doubt${columnList(kept.length, (index) => `k${index}`)}`;
  return `(
    SELECT ${columns} FROM ${base} b ANTI JOIN touched USING (key)
    UNION ALL
    SELECT ${columns} FROM (${each(`${columns}, gone`)}) d SEMI JOIN touched USING (key, place) WHERE NOT gone)`;
}
