import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { Duck } from '../duck.ts';
import type { PlanMetadata } from '../ledger/file-metadata.ts';
import type { OpenLedger } from '../ledger/open-ledger.ts';
import { columnList, literal } from '../sql.ts';
import { bytesSql, planFileOptions } from './plan-file.ts';
import type { StagedRows } from './stage-rows.ts';
import { twinSql } from './twins.ts';

/** Rows that are joined and sorted at once: whole rows of model and ledger, in a part of the memory. */
const bucketRows = 100_000;
/** Up to so many keys fit into memory, and rows without a position are left out before anything is made of them. */
const fewKeys = 1_000_000;

/** Into how many parts so many planned rows are divided. */
export const bucketsFor = (rows: number): number => Math.max(1, Math.ceil(rows / bucketRows));

/** SQL of the part that a key belongs to. */
export const bucketSql = (key: string, buckets: number): string =>
  buckets === 1 ? '0' : `(hash(${key}) % ${buckets})::INTEGER`;

/**
 * Writes the plan of `positions` (`seq`, `class`, `sent`, `held`, `key`, `known`, `bucket`), with the values of
 * model and ledger. Both are first divided by key, and then joined part by part: memory does not grow with the number
 * of rows, and no row is read more often than that.
 */
export async function writePlanned(
  duck: Duck,
  input: {
    readonly staged: StagedRows;
    readonly ledger: OpenLedger;
    readonly metadata: PlanMetadata;
    readonly buckets: number;
    /** SQL of the fingerprint of a row `m`. */
    readonly fp: string;
    /** Rows that cannot be sent now are sent by the next run. */
    readonly again: boolean;
    readonly configuration: SyncConfiguration;
    readonly matchIndex: number;
    readonly workDirectory: string;
    readonly path: string;
  },
): Promise<void> {
  const { staged, ledger, metadata, buckets, matchIndex, workDirectory } = input;
  const values = metadata.values.map((_, index) => `v${index}`);
  const kept = columnList(ledger.kept.length, (index) => `k${index}`);
  const [count] = await duck.rows('SELECT count(*)::INTEGER FROM positions');
  const few = Number(count?.[0]) <= fewKeys;
  // Rows stream past the keys; DuckDB, which cannot know how many rows a CSV holds, may do it the other way round.
  await duck.run(`SET disabled_optimizers = 'join_order,build_side_probe_side'`);
  const model = await divide(duck, join(workDirectory, 'model'), buckets, {
    columns: `m.key, ${input.fp} AS fp${staged.cut ? ', m.oversize' : ''}${values.map((value) => `, m.${value}`).join('')}`,
    key: 'm.key',
    from: `${staged.whole(few ? 'positions' : undefined)} m`,
  });
  const before = await divide(duck, join(workDirectory, 'before'), buckets, {
    columns: `l.key, l.fp, l.doubt${kept.replaceAll('k', 'l.k')}`,
    key: 'l.key',
    from: few ? `${ledger.relation} l SEMI JOIN positions USING (key)` : `${ledger.relation} l`,
  });
  await duck.run('RESET disabled_optimizers');
  const twins = matchIndex >= 0;
  const texts = [...values.map((value) => `m.${value}`), ...ledger.kept.map((_, index) => `l.k${index}`)];
  const parts: string[] = [];
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const part = buckets === 1 ? input.path : join(workDirectory, `planned-${bucket}.parquet`);
    parts.push(part);
    await duck.run(`
      COPY (
        SELECT p.seq, p.class, p.sent, p.held, p.key, m.fp, p.known,
          ${input.again ? 'NULL::BLOB' : 'l.fp'} AS old_fp, l.doubt AS old_doubt
          ${columnList(ledger.kept.length, (index) => `l.k${index} AS o${index}`)}
          ${values.map((value) => `, m.${value}`).join('')}, ${bytesSql(texts)} AS bytes
          ${twins ? `, ${twinSql(input.configuration)} AS twin` : ''}${staged.cut ? ', m.oversize' : ''}
        FROM (SELECT * FROM positions WHERE bucket = ${bucket}) p
        LEFT JOIN ${model(bucket)} m ON m.key = p.key
        LEFT JOIN ${before(bucket)} l ON l.key = p.key
        ${twins ? `LEFT JOIN twins t ON t.value = m.v${matchIndex}` : ''}
        ORDER BY p.seq
      ) TO ${literal(part)} (${buckets === 1 ? planFileOptions(metadata) : between})`);
  }
  await rm(join(workDirectory, 'model'), { recursive: true, force: true });
  await rm(join(workDirectory, 'before'), { recursive: true, force: true });
  if (buckets === 1) return;
  // Groups of rows stay together, so each group of the plan has neighbouring positions.
  await duck.run(`
    COPY (SELECT * FROM read_parquet([${parts.map(literal).join(', ')}]))
    TO ${literal(input.path)} (${planFileOptions(metadata)})`);
  for (const part of parts) await rm(part, { force: true });
}

/** Writes rows into one directory for each bucket; answers SQL that reads the rows of one. */
async function divide(
  duck: Duck,
  directory: string,
  buckets: number,
  rows: { readonly columns: string; readonly key: string; readonly from: string },
): Promise<(bucket: number) => string> {
  if (buckets === 1) {
    const path = `${directory}.parquet`;
    await duck.run(`COPY (SELECT ${rows.columns} FROM ${rows.from}) TO ${literal(path)} (${between})`);
    return () => `read_parquet(${literal(path)})`;
  }
  // By default half a million rows would be gathered in memory first.
  await duck.run('SET partitioned_write_flush_threshold = 32768');
  await duck.run(`
    COPY (SELECT ${rows.columns}, ${bucketSql(rows.key, buckets)} AS bucket FROM ${rows.from})
    TO ${literal(directory)} (FORMAT parquet, PARTITION_BY (bucket), ROW_GROUP_SIZE 20480)`);
  const empty = `(SELECT ${rows.columns} FROM ${rows.from} LIMIT 0)`;
  const files = new Set(
    (
      await duck.rows(
        `SELECT DISTINCT parse_path(parse_dirpath(file))[-1] FROM glob(${literal(`${directory}/*/*.parquet`)})`,
      )
    ).map(([name]) => String(name)),
  );
  return (bucket) =>
    files.has(`bucket=${bucket}`)
      ? `read_parquet(${literal(`${directory}/bucket=${bucket}/*.parquet`)}, hive_partitioning=false)`
      : empty;
}

const between = `FORMAT parquet, ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES '16MB'`;
