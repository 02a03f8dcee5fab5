import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComparedResult } from '@sluice/connectors/kit/planner';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { Duck } from '../../duck.ts';
import type { OpenLedger } from '../../ledger/open-ledger.ts';
import { columnList, literal } from '../../sql.ts';
import { withLongRowsCut } from '../cut-long-rows.ts';
import { fingerprintSql, unknownFingerprint } from '../fingerprint.ts';
import { filesOf, spoolSql } from '../spool-file.ts';
import { findUnusableKeys, type StagedRows } from '../stage-rows.ts';
import type { UsedColumns } from '../used-columns.ts';

export interface StagedDifferences {
  /** As if the model held only rows that matter, but with the counts of all. */
  readonly staged: StagedRows;
  /** The ledger with only the keys that matter. */
  readonly ledger: OpenLedger;
  /** Keys that the mirror held. */
  readonly held: number;
}

/** What a planner sent. */
interface Arrived {
  readonly result: ComparedResult;
  readonly path: string;
  readonly used: UsedColumns;
  readonly ledger: OpenLedger;
  readonly workDirectory: string;
}

/**
 * Turns what a planner found different into what the comparison with the ledger works on: only rows that may have changed, and
 * only the part of the ledger that they meet. The file with the rows has `print` beside the other columns. Throws
 * `source_ended_early` unless exactly the promised lines are there.
 */
export async function stageDifferences(duck: Duck, input: Arrived): Promise<StagedDifferences> {
  const { result, used, ledger } = input;
  const differences = join(input.workDirectory, 'differences.parquet');
  const spool = { path: input.path, columns: columnsOf(used) };
  const [lines, cut] = await withLongRowsCut(duck, spool, async (files) => {
    const written = await duck.run(`
      COPY (
        SELECT c0 AS kind, c1::BIGINT AS number, c2 AS key, c3 AS print${files.cut ? ', oversize' : ''}
          ${columnList(used.values.length, (index) => `c${index + leading.length} AS v${index}`)}
        FROM ${spoolSql(duck, files)}
      ) TO ${literal(differences)} (FORMAT parquet, ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES '16MB')`);
    return [written, files.cut === true] as const;
  });
  const values = columnList(used.values.length, (index) => `v${index}`);
  await rm(input.path, { force: true });
  const file = `read_parquet(${literal(differences)})`;
  const tally = await readTally(duck, file);
  if (lines !== result.rows || tally.queried === undefined) {
    throw notWhole();
  }
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE duplicates AS
    SELECT key, number::INTEGER AS rows FROM ${file} WHERE kind = 'twice'`);
  await takePart(duck, ledger, file);
  const path = join(input.workDirectory, 'staged.parquet');
  const fingerprint = fingerprintOf(used, (index) => `v${index}`, cut);
  await duck.run(`
    COPY (
      SELECT key, ${fingerprint} AS fp, print${cut ? ', oversize' : ''} ${values} FROM ${file} WHERE kind = 'row'
      UNION ALL
      SELECT near.key, l.fp, NULL${cut ? ', NULL' : ''} ${columnList(used.values.length, (index) => `near.v${index}`)}
      FROM (SELECT * FROM ${file} WHERE kind = 'near') near LEFT JOIN (SELECT key, fp FROM met) l ON l.key = near.key
    ) TO ${literal(path)} (FORMAT parquet, ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES '16MB')`);
  await rm(differences, { force: true });
  return {
    staged: {
      ...stagedFile(path),
      fingerprintedBefore: false,
      filtered: false,
      cut,
      rows: tally.queried,
      nullKeys: tally.unkeyed ?? 0,
      duplicateKeys: tally.twice ?? 0,
    },
    ledger: { ...ledger, relation: 'met' },
    held: tally.held ?? 0,
  };
}

/**
 * Turns every row of a model, with its print, into what the comparison with the ledger works on. Throws
 * `source_ended_early` unless exactly the promised lines are there.
 */
export async function stageEveryRow(duck: Duck, input: Arrived): Promise<StagedDifferences> {
  const { result, used, ledger } = input;
  const path = join(input.workDirectory, 'staged.parquet');
  const spool = { path: input.path, columns: columnsOf(used), ...(result.files && { files: result.files }) };
  const cell = (index: number): string => `c${index + leading.length}`;
  const [rows, cut] = await withLongRowsCut(duck, spool, async (files) => {
    const written = await duck.run(`
      COPY (
        SELECT c2 AS key, ${fingerprintOf(used, cell, files.cut === true)} AS fp, c3 AS print${files.cut ? ', oversize' : ''}
          ${columnList(used.values.length, (index) => `${cell(index)} AS v${index}`)}
        FROM ${spoolSql(duck, files)}
      ) TO ${literal(path)} (FORMAT parquet, ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES '16MB')`);
    return [written, files.cut === true] as const;
  });
  for (const file of filesOf(spool)) await rm(file, { force: true });
  if (rows !== result.rows) throw notWhole();
  const file = stagedFile(path);
  const unusable = await findUnusableKeys(duck, file.relation);
  const staged = { ...file, fingerprintedBefore: false, filtered: false, cut, rows, ...unusable };
  return { staged, ledger, held: ledger.rows };
}

const notWhole = (): SluiceError =>
  new SluiceError(
    'source_ended_early',
    'The comparison in the source did not arrive as a whole; nothing was planned from it.',
  );

/** Staged rows that are whole already. */
function stagedFile(path: string): Pick<StagedRows, 'relation' | 'remove' | 'whole'> {
  const relation = `read_parquet(${literal(path)})`;
  return { relation, whole: () => relation, remove: () => rm(path, { force: true }) };
}

/** Columns of a planner's result, as far as reading them is concerned. */
const columnsOf = (used: UsedColumns): Column[] =>
  [...leading, ...used.values.map(({ column }) => column.name)].map((name) => ({
    name,
    type: 'string',
    nativeType: 'text',
  }));

function fingerprintOf(used: UsedColumns, cell: (index: number) => string, cut: boolean): string {
  const sql = fingerprintSql(
    used.values.map(({ column }, index) => ({ name: column.name, sql: cell(index) })),
  );
  return cut ? `CASE WHEN oversize IS NULL THEN ${sql} ELSE ${unknownFingerprint} END` : sql;
}

/** Columns of a planner's result before the values. */
const leading = ['kind', 'number', 'key', 'print'];

async function readTally(duck: Duck, file: string): Promise<Partial<Record<string, number>>> {
  const rows = await duck.rows(
    `SELECT kind, sum(number)::BIGINT::DOUBLE FROM ${file} WHERE number IS NOT NULL GROUP BY kind`,
  );
  return Object.fromEntries(rows.map(([kind, number]) => [String(kind), Number(number)]));
}

/** Fills the table `met` with the ledger's rows of the keys that a planner names. */
async function takePart(duck: Duck, ledger: OpenLedger, file: string): Promise<void> {
  const named = `(SELECT DISTINCT key FROM ${file} WHERE kind IN ('row', 'near', 'gone'))`;
  const [some] = await duck.rows(`SELECT EXISTS ${named.replace('DISTINCT key', '1')}`);
  const source = some?.[0] ? `${ledger.relation} l SEMI JOIN ${named} n ON n.key = l.key` : ledger.relation;
  await duck.run(`CREATE OR REPLACE TEMP TABLE met AS SELECT * FROM ${source} ${some?.[0] ? '' : 'LIMIT 0'}`);
}
