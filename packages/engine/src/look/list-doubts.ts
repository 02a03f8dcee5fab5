import type { DoubtRow } from '@sluice/domain/doubt';
import { openDuck } from '../duck.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { parseValue } from '../map/value.ts';
import type { BlobStore } from '../ports.ts';
import { columnList, literal } from '../sql.ts';

/**
 * Rows of a ledger of which nobody knows whether they arrived, by key, and how many there are in all. Throws
 * `ledger_missing`.
 */
export async function listDoubts(
  ledgerKey: string,
  filter: { readonly afterKey: string | null; readonly keyPrefix?: string; readonly limit: number },
  ports: {
    readonly blobs: Pick<BlobStore, 'read'>;
    readonly workDirectory: string;
    readonly primaryKey: string;
  },
): Promise<{ rows: DoubtRow[]; total: number }> {
  const duck = await openDuck({ workDirectory: ports.workDirectory, memoryLimitMb: 128, threads: 1 });
  try {
    const ledger = await openLedger(duck, ports.blobs, ledgerKey);
    try {
      if (ledger.doubts === 0) return { rows: [], total: 0 };
      const rows = await duck.rows(`
        SELECT key, doubt ${columnList(ledger.kept.length, (index) => `k${index}`)}
        FROM ${ledger.relation}
        WHERE doubt <> 'none' ${filter.afterKey === null ? '' : `AND key > ${literal(filter.afterKey)}`}
          ${filter.keyPrefix ? `AND starts_with(key, ${literal(filter.keyPrefix)})` : ''}
        ORDER BY key LIMIT ${Math.trunc(filter.limit)}`);
      return {
        total: ledger.doubts,
        rows: rows.map(([key, doubt, ...cells]) => ({
          key: String(key),
          class: doubt === 'add' ? 'added' : doubt === 'change' ? 'changed' : 'removed',
          row: {
            [ports.primaryKey]: String(key),
            ...Object.fromEntries(
              ledger.kept.map(({ name, type }, index) => {
                const cell = cells[index];
                return [name, parseValue(typeof cell === 'string' ? cell : null, type)];
              }),
            ),
          },
        })),
      };
    } finally {
      await ledger.release();
    }
  } finally {
    duck.close();
  }
}
