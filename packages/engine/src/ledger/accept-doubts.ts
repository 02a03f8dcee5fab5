import { join } from 'node:path';
import type { Column } from '@sluice/domain/column';
import { openDuck } from '../duck.ts';
import { askDoubts } from '../plan/plan-replay.ts';
import type { BlobStore, StoredLedger } from '../ports.ts';
import { columnList, literal } from '../sql.ts';
import { commitLedger } from './commit-ledger.ts';
import { metadataOption, type PlanMetadata } from './file-metadata.ts';
import { openLedger } from './open-ledger.ts';

/**
 * Stores the ledger in which rows in doubt (`null` = all) count as delivered with the values that may have arrived, and
 * removals as done. Answers it and the number of rows; `null` when none of them is in doubt. Throws `ledger_missing`.
 */
export async function acceptDoubts(
  ledgerKey: string,
  keys: readonly string[] | null,
  ports: {
    readonly blobs: BlobStore;
    /** How the keys of its blobs begin. */
    readonly name: string;
    readonly primaryKey: string;
    readonly workDirectory: string;
    readonly memoryLimitMb: number;
  },
): Promise<{ ledger: StoredLedger; accepted: number } | null> {
  const { blobs, workDirectory, memoryLimitMb } = ports;
  const duck = await openDuck({ workDirectory, memoryLimitMb, threads: 1 });
  try {
    const old = await openLedger(duck, blobs, ledgerKey);
    try {
      const primaryKey: Column = { name: ports.primaryKey, type: 'string', nativeType: 'text' };
      const asked = await askDoubts(duck, keys, old, primaryKey);
      const metadata: PlanMetadata = {
        version: 1,
        primaryKey,
        values: old.kept,
        kept: old.kept.map((_, index) => index),
        ledgerValues: old.kept,
        ledgerKey,
        ledgerRows: old.rows,
        carriesUnchanged: false,
        ...(old.fingerprinted && { fingerprinted: old.fingerprinted }),
      };
      // A plan in which nothing is sent: its rows are taken as known.
      const path = join(workDirectory, 'accepted.parquet');
      const size = await duck.run(`
        COPY (
          SELECT (row_number() OVER (ORDER BY key))::INTEGER AS seq, class, false AS sent, key, fp, true AS known,
            NULL::BLOB AS old_fp, was_doubt AS old_doubt
            ${columnList(old.kept.length, (index) => `v${index} AS o${index}`)}
            ${columnList(old.kept.length, (index) => `v${index}`)}
          FROM ${asked.relation}
        ) TO ${literal(path)} (FORMAT parquet, ${metadataOption(metadata)})`);
      if (size === 0) return null;
      await duck.run('CREATE OR REPLACE TEMP TABLE exceptions (seq INTEGER, uncertain BOOLEAN)');
      const ledger = await commitLedger(
        { duck, path, metadata, size },
        { blobs, name: ports.name, settled: [], resync: 'none', workDirectory },
      );
      return { ledger, accepted: size };
    } finally {
      await old.release();
    }
  } finally {
    duck.close();
  }
}
