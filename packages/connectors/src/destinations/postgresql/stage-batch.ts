import type { Row, Value } from '@sluice/domain/column';
import type { Operation } from '@sluice/domain/sync-mode';
import type { DestinationRecord, RecordResult } from '../../kit/destination.ts';
import { copyField, findTextProblem, isPlain, valueText } from './copy-text.ts';
import { buildStatement, type Statement } from './statement.ts';
import type { Table, TableColumn } from './table.ts';

/** How a sync writes to its table; the same for all batches. */
export interface Target {
  readonly table: Table;
  readonly byName: ReadonlyMap<string, TableColumn>;
  readonly match: TableColumn | null;
  /** What `clear` sets to NULL. */
  readonly cleared: readonly TableColumn[];
}

/** A record, ready for COPY. */
export interface StagedRow {
  /** Its place in the batch. */
  readonly index: number;
  /** Its fields in COPY's text format, without the row number. */
  readonly line: string;
}

/** Records of a batch that one statement can write: same operation, same fields. */
export interface StagedGroup {
  readonly target: Target;
  readonly operation: Operation;
  readonly statement: Statement;
  readonly rows: StagedRow[];
}

/**
 * Sorts a batch into groups: a field that a record leaves out (its mapping skips NULLs) must not be written, so
 * records with different fields need different statements. Records that can be refused without asking the server
 * are rejected in `results`; two rows with one match value both, because either could win.
 */
export function stageBatch(
  target: Target,
  batch: readonly DestinationRecord[],
  results: (RecordResult | undefined)[],
): StagedGroup[] {
  const repeated = findRepeated(target, batch);
  const groups: NamedGroup[] = [];
  let last: NamedGroup | undefined;
  for (const [index, record] of batch.entries()) {
    const { operation, matchValue } = record;
    const found = operation !== 'create';
    if (found && matchValue === null) {
      results[index] = rejected('match_key_null', `The match value for "${target.match?.name}" is NULL.`);
      continue;
    }
    if (repeated.size > 0 && target.match && writes(operation)) {
      if (repeated.has(matchText(target.match, matchValue))) {
        results[index] = rejected('match_key_duplicate', duplicateMessage(target.match));
        continue;
      }
    }
    const fieldsOf = writes(operation) ? record.fields : {};
    // Nearly all records of a batch are alike.
    if (!last || !belongs(last, operation, fieldsOf)) {
      last = groups.find((group) => belongs(group, operation, fieldsOf));
    }
    if (!last) {
      const names = Object.keys(fieldsOf);
      const fields = target.match ? names.filter((name) => name !== target.match?.name) : names;
      const statement = statementOf(target, operation, fields);
      last = { names, group: { target, operation, statement, rows: [] } };
      groups.push(last);
    }
    const { rows, statement } = last.group;
    const line = encode(statement.columns, target, record);
    if (typeof line === 'string') rows.push({ index, line });
    else results[index] = line;
  }
  return groups.map(({ group }) => group);
}

/** A group and the fields that its records have. */
interface NamedGroup {
  readonly names: readonly string[];
  readonly group: StagedGroup;
}

function belongs({ group, names }: NamedGroup, operation: Operation, fields: Row): boolean {
  if (group.operation !== operation) return false;
  let count = 0;
  // Asked of every record: a list of its keys would be made for nothing.
  for (const name in fields) {
    if (names[count] !== name) return false;
    count += 1;
  }
  return count === names.length;
}

/** What COPY reads: the rows of a group, numbered by their place from 1, without those that are skipped. */
export function copyText({ rows }: StagedGroup, skipped: ReadonlySet<number>): string {
  let text = '';
  for (const [index, { line }] of rows.entries()) {
    if (!skipped.has(index + 1)) text += `${index + 1}${line}\n`;
  }
  return text;
}

export const duplicateMessage = (match: TableColumn): string =>
  `Several rows of the model have this match value for "${match.name}"; none of them is sent, because either could win.`;

const writes = (operation: Operation): boolean => operation !== 'delete' && operation !== 'clear';

function statementOf(target: Target, operation: Operation, names: readonly string[]): Statement {
  const fields = names.map((name) => {
    const column = target.byName.get(name);
    if (!column) throw new TypeError(`the table has no column ${name}`);
    return column;
  });
  const { table, match, cleared } = target;
  return buildStatement(operation, { table, match, fields, cleared });
}

const matchText = (match: TableColumn, value: Value): string => valueText(value, match) ?? '';

/** Match values that more than one record of the batch would write. */
function findRepeated({ match }: Target, batch: readonly DestinationRecord[]): ReadonlySet<string> {
  const repeated = new Set<string>();
  if (!match) return repeated;
  const seen = new Set<string>();
  for (const { operation, matchValue } of batch) {
    // An insert of an existing value is refused by the server itself, with the name of the constraint.
    if (operation === 'create' || !writes(operation) || matchValue === null) continue;
    const text = matchText(match, matchValue);
    if (seen.has(text)) repeated.add(text);
    seen.add(text);
  }
  return repeated;
}

/** The fields of a record in the order of the staging table. */
function encode(
  columns: readonly TableColumn[],
  { match }: Target,
  record: DestinationRecord,
): string | RecordResult {
  let line = '';
  for (const column of columns) {
    const value = column === match ? record.matchValue : (record.fields[column.name] ?? null);
    const text = valueText(value, column);
    if (text === null) line += '\t\\N';
    else if (typeof value !== 'string' && typeof value !== 'object') line += `\t${text}`;
    else if (isPlain(text)) line += `\t${text}`;
    else {
      const problem = findTextProblem(text);
      if (problem) return rejected('text_invalid', `${column.name} ${problem}.`);
      line += `\t${copyField(text)}`;
    }
  }
  return line;
}

const rejected = (code: string, message: string): RecordResult => ({ status: 'rejected', code, message });
