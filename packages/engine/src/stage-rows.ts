import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpooledResult } from '@sluice/connectors/kit/source';
import { SluiceError } from '@sluice/domain/error';
import type { Duck } from './duck.ts';
import { fingerprintSql } from './fingerprint.ts';
import { spoolSql } from './spool-file.ts';
import { columnList, literal } from './sql.ts';
import type { UsedColumns } from './used-columns.ts';

/** The rows of a model, ready to be compared: a file with `key`, `fp`, `v0…`, and the table `duplicates`. */
export interface StagedRows {
  readonly path: string;
  readonly rows: number;
  readonly nullKeys: number;
  readonly duplicateKeys: number;
  /** Up to five keys that occur more than once. */
  readonly keyExamples: string[];
}

/**
 * Reads a spool file into columns, fingerprints every row, and finds unusable keys. Removes the spool file. Throws
 * `source_ended_early` unless exactly the promised number of rows is there.
 */
export async function stageRows(
  duck: Duck,
  spool: SpooledResult & { readonly path: string },
  used: UsedColumns,
  workDirectory: string,
): Promise<StagedRows> {
  const path = join(workDirectory, 'staged.parquet');
  const rows = await duck.run(`
    COPY (
      SELECT c${used.key.index} AS key,
        ${fingerprintSql(used.values.map(({ index, column }) => ({ name: column.name, sql: `c${index}` })))} AS fp
        ${columnList(used.values.length, (index) => `c${used.values[index]?.index} AS v${index}`)}
      FROM ${spoolSql(duck, spool)}
    ) TO ${literal(path)} (FORMAT parquet, ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES '16MB')`);
  await rm(spool.path, { force: true });
  if (rows !== spool.rows) {
    throw new SluiceError(
      'source_ended_early',
      `The source reported ${spool.rows} rows, but ${rows} arrived; nothing was planned from them.`,
    );
  }
  await duck.run(`
    CREATE OR REPLACE TABLE duplicates AS
    SELECT key, count(*)::INTEGER AS rows FROM read_parquet(${literal(path)})
    WHERE key <> '' GROUP BY key HAVING count(*) > 1`);
  const [counts] = await duck.rows(`
    SELECT (SELECT count(*)::INTEGER FROM read_parquet(${literal(path)}) WHERE key IS NULL OR key = ''),
      (SELECT coalesce(sum(rows), 0)::INTEGER FROM duplicates)`);
  const examples = await duck.rows('SELECT key FROM duplicates ORDER BY key LIMIT 5');
  return {
    path,
    rows,
    nullKeys: Number(counts?.[0]),
    duplicateKeys: Number(counts?.[1]),
    keyExamples: examples.map(([key]) => String(key)),
  };
}
