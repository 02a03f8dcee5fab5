import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpooledResult } from '@sluice/connectors/kit/source';
import type { RunCounts } from '@sluice/domain/change';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { RowFilter } from '@sluice/domain/row-filter';
import type { Duck } from '../duck.ts';
import { columnList, literal } from '../sql.ts';
import { withLongRowsCut } from './cut-long-rows.ts';
import { filterSql } from './filter-rows.ts';
import { fingerprintSql, unknownFingerprint } from './fingerprint.ts';
import { filesOf, type SpoolFiles, spoolSql } from './spool-file.ts';
import type { StagedAhead } from './stage-ahead.ts';
import type { UsedColumns } from './used-columns.ts';

/**
 * The rows of a model, ready to be compared: a relation with `key`, `fp` and the match value, where it says so `fp_before`
 * and `wanted`, and the table `duplicates`. What else is in a row is read again where it is needed: a run in which
 * nothing has changed never does.
 */
export interface StagedRows {
  /** SQL that reads them. */
  readonly relation: string;
  /** Removes the files behind it. */
  readonly remove: () => Promise<void>;
  /**
   * SQL of whole rows: the columns of the relation, and all of `v0…`; with the name of a table only rows whose `key` is in
   * it. Costs another pass over the model.
   */
  readonly whole: (keys?: string) => string;
  /** Whether there is `fp_before`: the fingerprint over the columns that the ledger's cover. */
  readonly fingerprintedBefore: boolean;
  /** Whether there is `oversize`: the bytes of a row that is too long to be sent, and whose long values were not read. */
  readonly cut: boolean;
  /** Whether there is `wanted`: the row fulfils the conditions of a backfill. */
  readonly filtered: boolean;
  readonly rows: number;
  readonly nullKeys: number;
  readonly duplicateKeys: number;
  /** Nobody has looked yet whether keys occur more than once; the comparison with the ledger shows it. */
  readonly unchecked?: boolean;
}

/**
 * Reads a spool, fingerprints every row, and finds unusable keys. Throws `source_ended_early` unless exactly the
 * promised number of rows is there.
 */
export function stageRows(
  duck: Duck,
  spool: SpooledResult & { readonly path: string },
  used: UsedColumns,
  workDirectory: string,
  options: StageOptions,
): Promise<StagedRows> {
  return withLongRowsCut(duck, spool, (files) =>
    stage(duck, { ...spool, ...files }, used, workDirectory, options),
  );
}

export interface StageOptions {
  /** Names under the ledger's fingerprints; `null` where there are none. */
  readonly before: readonly string[] | null;
  readonly filter: RowFilter | null;
  /** Column whose values say which record is meant; `null` where there is none. */
  readonly matchColumn: string | null;
  /** Leaves it to the comparison with a ledger to find keys that occur more than once. */
  readonly unchecked?: boolean;
  /** What was staged while the source was still sending. */
  readonly ahead?: StagedAhead | null;
}

async function stage(
  duck: Duck,
  spool: SpooledResult & SpoolFiles,
  used: UsedColumns,
  workDirectory: string,
  options: StageOptions,
): Promise<StagedRows> {
  const before = columnsBefore(spool.columns, used, options.before);
  const filter = options.filter && (await filterSql(duck, spool.columns, options.filter));
  const { cut = false } = spool;
  const shape = { before, filter, options };
  const directory = stagedDirectory(workDirectory);
  // Files that are cut have to be read again.
  const ahead = cut ? null : options.ahead;
  if (!ahead) await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const files = filesOf(spool).filter((file) => !ahead?.files.includes(file));
  const rest = join(directory, 'rest.parquet');
  const restRows = await stageFiles(
    duck,
    { ...spool, path: files[0] ?? spool.path, files },
    used,
    shape,
    rest,
  );
  const rows = restRows + (ahead?.rows ?? 0);
  assertAllRead(spool, rows);
  const relation = relationOf([...(ahead?.staged ?? []), rest]);
  const unchecked = options.unchecked === true && !cut;
  const unusable = unchecked ? await findNullKeys(duck, relation) : await findUnusableKeys(duck, relation);
  return {
    relation,
    remove: () => rm(directory, { recursive: true, force: true }),
    whole: wholeRows(duck, spool, used, shape),
    fingerprintedBefore: before !== null,
    filtered: filter !== null,
    cut,
    rows,
    unchecked,
    ...unusable,
  };
}

const relationOf = (files: readonly string[]): string => `read_parquet([${files.map(literal).join(', ')}])`;

/** Where staged rows are: in one file or several. */
export const stagedDirectory = (workDirectory: string): string => join(workDirectory, 'staged');

interface StageShape {
  readonly before: { name: string; sql: string }[] | null;
  readonly filter: string | null;
  readonly options: Pick<StageOptions, 'before' | 'matchColumn'>;
}

/** Stages files of a spool into one; answers how many rows they hold. */
export function stageFiles(
  duck: Duck,
  spool: SpoolFiles,
  used: UsedColumns,
  { before, filter, options }: StageShape,
  to: string,
): Promise<number> {
  const match = used.values.findIndex(({ column }) => column.name === options.matchColumn);
  // Without a ledger there is nothing to compare: what is needed is the keys.
  const fingerprint = options.before === null ? 'NULL::BLOB AS fp' : 'fp';
  return duck.run(`
    COPY (
      SELECT key, ${fingerprint}${before === null ? '' : ', fp_before'}${filter === null ? '' : ', wanted'}${spool.cut ? ', oversize' : ''}
        ${match < 0 ? '' : `, v${match}`}
      FROM ${wholeRows(duck, spool, used, { before, filter })()}
    ) TO ${literal(to)} (FORMAT parquet, ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES '16MB')`);
}

/** See `StagedRows.whole`. */
export function wholeRows(
  duck: Duck,
  spool: SpoolFiles,
  used: UsedColumns,
  {
    before = null,
    filter = null,
  }: { before?: { name: string; sql: string }[] | null; filter?: string | null },
): StagedRows['whole'] {
  const { cut = false } = spool;
  const ifWhole = (sql: string, otherwise: string): string =>
    cut ? `CASE WHEN oversize IS NULL THEN ${sql} ELSE ${otherwise} END` : sql;
  const print = (columns: Parameters<typeof fingerprintSql>[0]): string =>
    ifWhole(fingerprintSql(columns), unknownFingerprint);
  // Rows are chosen before anything is computed of them.
  return (keys) => `(
      SELECT c${used.key.index} AS key,
        ${print(used.values.map(({ index, column }) => ({ name: column.name, sql: `c${index}` })))} AS fp
        ${before === null ? '' : `, ${print(before)} AS fp_before`}${filter === null ? '' : `, ${ifWhole(filter, 'false')} AS wanted`}
        ${cut ? ', oversize' : ''}
        ${columnList(used.values.length, (index) => `c${used.values[index]?.index} AS v${index}`)}
      FROM ${spoolSql(duck, spool)} s ${keys === undefined ? '' : `SEMI JOIN ${keys} k ON k.key = s.c${used.key.index}`})`;
}

/** A file that was cut short is not taken for the result: throws `source_ended_early`. */
export function assertAllRead(spool: Pick<SpooledResult, 'rows'>, rows: number): void {
  if (rows === spool.rows) return;
  throw new SluiceError(
    'source_ended_early',
    `The source reported ${spool.rows} rows, but ${rows} arrived; nothing was planned from them.`,
  );
}

/** Counts keys of staged rows that cannot be sent, and fills the table `duplicates`. `relation`: SQL that reads them. */
export async function findUnusableKeys(
  duck: Duck,
  relation: string,
): Promise<Pick<StagedRows, 'nullKeys' | 'duplicateKeys'>> {
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE duplicates AS
    SELECT key, count(*)::INTEGER AS rows FROM ${relation}
    WHERE key <> '' GROUP BY key HAVING count(*) > 1`);
  const [counts] = await duck.rows(`
    SELECT (SELECT count(*)::INTEGER FROM ${relation} WHERE key IS NULL OR key = ''),
      (SELECT coalesce(sum(rows), 0)::INTEGER FROM duplicates)`);
  return { nullKeys: Number(counts?.[0]), duplicateKeys: Number(counts?.[1]) };
}

/** Counts missing keys, and leaves the table `duplicates` empty. */
async function findNullKeys(
  duck: Duck,
  relation: string,
): Promise<Pick<StagedRows, 'nullKeys' | 'duplicateKeys'>> {
  await duck.run('CREATE OR REPLACE TEMP TABLE duplicates (key VARCHAR, rows INTEGER)');
  const [counts] = await duck.rows(`SELECT count(*)::INTEGER FROM ${relation} WHERE key IS NULL OR key = ''`);
  return { nullKeys: Number(counts?.[0]), duplicateKeys: 0 };
}

/** Up to five keys of the table `duplicates`. */
export async function examplesOfDuplicates(duck: Duck): Promise<string[]> {
  const examples = await duck.rows('SELECT key FROM duplicates ORDER BY key LIMIT 5');
  return examples.map(([key]) => String(key));
}

/** What became of the rows of the model that are not planned. */
export function countRows(
  staged: Pick<StagedRows, 'rows' | 'nullKeys' | 'duplicateKeys'>,
  planned: RunCounts['planned'],
): Pick<RunCounts, 'queried' | 'nullKeys' | 'duplicateKeys' | 'unchanged'> {
  const { rows: queried, nullKeys, duplicateKeys } = staged;
  const unchanged = queried - nullKeys - duplicateKeys - planned.added - planned.changed;
  return { queried, nullKeys, duplicateKeys, unchanged };
}

/** The columns under the ledger's fingerprints, where they differ from the used ones and all are still there. */
export function columnsBefore(
  columns: readonly Column[],
  used: UsedColumns,
  before: readonly string[] | null,
): { name: string; sql: string }[] | null {
  const key = used.key.column.name;
  const names = before?.filter((name) => name !== key);
  if (!names || names.length + 1 !== before?.length) return null;
  const isUsed = (name: string): boolean => used.values.some(({ column }) => column.name === name);
  if (names.length === used.values.length && names.every(isUsed)) return null;
  const found = names.map((name) => ({ name, index: columns.findIndex((column) => column.name === name) }));
  return found.every(({ index }) => index >= 0)
    ? found.map(({ name, index }) => ({ name, sql: `c${index}` }))
    : null;
}
