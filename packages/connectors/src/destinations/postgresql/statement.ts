import type { Operation } from '@sluice/domain/sync-mode';
import { escapeIdentifier } from 'pg';
import type { Table, TableColumn } from './table.ts';
import { tableSql } from './table-id.ts';

/** One set-based statement that applies staged rows to a table. `$1` and `$2` are the first and last staged row. */
export interface Statement {
  readonly sql: string;
  /** Columns of the staging table, in order; the match column is the first where there is one. */
  readonly columns: readonly TableColumn[];
  /** Whether `sql` returns the number of each row that it found, or only counts those it wrote. */
  readonly answers: 'rows' | 'count';
  /** What it means that a row was not found. */
  readonly missing: 'rejected' | 'delivered';
}

export interface StatementParts {
  readonly table: Table;
  /** The column that records are found by; `null` where records are only created. */
  readonly match: TableColumn | null;
  /** Columns to write, without the match column. */
  readonly fields: readonly TableColumn[];
  /** Columns that `clear` sets to NULL. */
  readonly cleared: readonly TableColumn[];
}

/** The staging table for this many columns: text only, so that one bad value can be found. Empty at every commit. */
export const stageName = (columns: number): string => `pg_temp.sluice_stage_${columns}`;

export const createStageSql = (columns: number): string =>
  `create temp table if not exists sluice_stage_${columns} (n integer${textColumns(columns)}) on commit delete rows`;

export const copySql = (columns: number): string =>
  `copy ${stageName(columns)} (n${names(columns)}) from stdin with (format text)`;

/** Builds the statement of an operation. Every operation but `create` needs a match column. */
export function buildStatement(operation: Operation, parts: StatementParts): Statement {
  if (operation === 'create') return insertStatement(parts);
  const { match } = parts;
  if (!match) throw new TypeError(`${operation} needs a match column`);
  if (operation === 'upsert') return upsertStatement(parts, match);
  if (operation === 'update') return updateStatement(parts, match);
  if (operation === 'clear') return clearStatement(parts, match);
  return deleteStatement(parts, match);
}

/** Numbers of the staged rows between `$1` and `$2` whose match value, as its type sees it, another one has too. */
export function duplicatesSql(match: TableColumn, columns: number): string {
  const stage = stageName(columns);
  return `select s.n from ${stage} s join (
  select ${cast(match, 0)} as value from ${stage} s where s.n between $1 and $2 group by 1 having count(*) > 1
) twice on ${cast(match, 0)} = twice.value where s.n between $1 and $2`;
}

/** Numbers of the staged rows whose record still exists. */
export function remainingSql(table: Table, match: TableColumn, columns: number): string {
  return `select s.n from ${stageName(columns)} s join ${tableSql(table)} t on ${onMatch(match)} where s.n between $1 and $2`;
}

function insertStatement({ table, match, fields }: StatementParts): Statement {
  const columns = match ? [match, ...fields] : fields;
  return { sql: insertSql(table, columns, 's.n'), columns, answers: 'count', missing: 'rejected' };
}

function upsertStatement({ table, match, fields }: StatementParts, key: TableColumn): Statement {
  const columns = match ? [match, ...fields] : fields;
  // Setting the match column to itself makes the statement count a record that has nothing else to change.
  const written = (fields.length > 0 ? fields : [key]).map(({ name }) => escapeIdentifier(name));
  const assignments = written.map((name) => `${name} = excluded.${name}`).join(', ');
  const sql = `${insertSql(table, columns, cast(key, 0))}
on conflict (${escapeIdentifier(key.name)}) do update set ${assignments}`;
  return { sql, columns, answers: 'count', missing: 'rejected' };
}

function updateStatement({ table, fields }: StatementParts, match: TableColumn): Statement {
  const columns = [match, ...fields];
  if (fields.length === 0) {
    const sql = remainingSql(table, match, columns.length);
    return { sql, columns, answers: 'rows', missing: 'rejected' };
  }
  const assignments = fields.map(
    (field, index) => `${escapeIdentifier(field.name)} = ${cast(field, index + 1)}`,
  );
  return {
    sql: updateSql(table, match, assignments, columns.length),
    columns,
    answers: 'rows',
    missing: 'rejected',
  };
}

function clearStatement({ table, cleared }: StatementParts, match: TableColumn): Statement {
  const columns = [match];
  const assignments = cleared.map(({ name }) => `${escapeIdentifier(name)} = null`);
  const sql =
    assignments.length === 0 ? remainingSql(table, match, 1) : updateSql(table, match, assignments, 1);
  return { sql, columns, answers: 'rows', missing: 'delivered' };
}

function deleteStatement({ table }: StatementParts, match: TableColumn): Statement {
  const sql = `delete from ${tableSql(table)} t
using ${stageName(1)} s
where ${onMatch(match)} and s.n between $1 and $2
returning s.n`;
  return { sql, columns: [match], answers: 'rows', missing: 'delivered' };
}

/** Rows in the order of their match value: two syncs that meet in a table then lock records in one order. */
function insertSql(table: Table, columns: readonly TableColumn[], order: string): string {
  const list = columns.map(({ name }) => escapeIdentifier(name)).join(', ');
  const values = columns.map((column, index) => cast(column, index)).join(', ');
  return `insert into ${tableSql(table)} (${list})
select ${values}
from ${stageName(columns.length)} s
where s.n between $1 and $2
order by ${order}`;
}

function updateSql(table: Table, match: TableColumn, assignments: string[], columns: number): string {
  return `update ${tableSql(table)} t
set ${assignments.join(', ')}
from ${stageName(columns)} s
where ${onMatch(match)} and s.n between $1 and $2
returning s.n`;
}

const onMatch = (match: TableColumn): string => `t.${escapeIdentifier(match.name)} = ${cast(match, 0)}`;

/** A staged text as the column's type. */
const cast = ({ castType }: TableColumn, index: number): string => `s.c${index}::${castType}`;

const names = (columns: number): string =>
  Array.from({ length: columns }, (_, index) => `, c${index}`).join('');
const textColumns = (columns: number): string =>
  Array.from({ length: columns }, (_, index) => `, c${index} text`).join('');
