import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpooledResult } from '@sluice/connectors/kit/source';
import { SluiceError } from '@sluice/domain/error';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { Duck } from '../duck.ts';
import type { PlanMetadata } from '../ledger/file-metadata.ts';
import { literal } from '../sql.ts';
import { planAllAlike } from './plan-all-alike.ts';
import type { PlannedFile } from './plan-changes.ts';
import { assertAllRead, findUnusableKeys, wholeRows } from './stage-rows.ts';
import type { UsedColumns } from './used-columns.ts';

/**
 * Plans every row as added in one pass over the model, where nothing is known of the sync: that no key is missing, and no
 * key or match value occurs twice, is looked at afterwards. `null` when one does or a row is too long: then the model is
 * read again, with care. Throws `source_ended_early`, `storage_full`.
 */
export async function planFirst(
  duck: Duck,
  spool: SpooledResult & { readonly path: string },
  input: {
    readonly used: UsedColumns;
    readonly configuration: SyncConfiguration;
    readonly workDirectory: string;
  },
): Promise<PlannedFile | null> {
  const { used, configuration, workDirectory } = input;
  const matchIndex = used.values.findIndex(({ column }) => column.name === configuration.matchKey?.from);
  const metadata: PlanMetadata = {
    version: 1,
    primaryKey: used.key.column,
    values: used.values.map(({ column }) => column),
    kept: used.values.map((_, index) => index),
    ledgerValues: [],
    ledgerKey: null,
    ledgerRows: 0,
    carriesUnchanged: false,
    twins: matchIndex >= 0,
    holds: true,
    holdsDoubts: configuration.doubt === 'hold',
  };
  const path = join(workDirectory, 'plan.parquet');
  const staged = {
    ...{ whole: wholeRows(duck, spool, used, {}), cut: false, filtered: false },
    ...{ rows: spool.rows, nullKeys: 0, duplicateKeys: 0 },
  };
  try {
    const counts = await planAllAlike(duck, {
      ...{ staged, className: 'added', configuration, matchIndex, path, metadata, unchecked: true },
    });
    assertAllRead(spool, counts.planned.added);
    if (await isClear(duck, path, matchIndex)) return { path, size: spool.rows, counts, metadata };
  } catch (thrown) {
    const tooLong = thrown instanceof SluiceError && thrown.details?.rowBytesMax !== undefined;
    if (!tooLong) throw thrown;
  }
  await rm(path, { force: true });
  return null;
}

async function isClear(duck: Duck, path: string, matchIndex: number): Promise<boolean> {
  const { nullKeys, duplicateKeys } = await findUnusableKeys(duck, `read_parquet(${literal(path)})`);
  if (nullKeys + duplicateKeys > 0) return false;
  if (matchIndex < 0) return true;
  const value = `v${matchIndex}`;
  const twins = await duck.rows(`
    SELECT 1 FROM read_parquet(${literal(path)}) WHERE ${value} IS NOT NULL
    GROUP BY ${value} HAVING count(*) > 1 LIMIT 1`);
  return twins.length === 0;
}
