import { SluiceError } from '@sluice/domain/error';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { Operation } from '@sluice/domain/sync-mode';
import { quote, type Table, type TableColumn } from './table.ts';

/** Where a sync writes: its table, the column that records are found by, and the columns that are mapped. */
export interface Target {
  readonly table: Table;
  readonly match: TableColumn | null;
  readonly fields: readonly TableColumn[];
}

/** Throws `mapping_invalid` and `destination_match_key_not_unique` when the table has changed since it was mapped. */
export function targetOf(table: Table, { matchKey, mappings, mode }: SyncConfiguration): Target {
  const column = (name: string): TableColumn => {
    const found = table.columns.find((one) => one.name === name);
    if (found) return found;
    throw new SluiceError('mapping_invalid', `The table ${table.name} has no column "${name}" any more.`, {
      fix: 'Open the mapping of the sync: it shows the columns as they are now.',
    });
  };
  const match = matchKey ? column(matchKey.to) : null;
  if (match && !match.unique && mode !== 'insert') {
    throw new SluiceError(
      'destination_match_key_not_unique',
      `The column "${match.name}" of ${table.name} has no unique index of its own.`,
    );
  }
  const fields = mappings.map(({ to }) => column(to)).filter((field) => field !== match);
  return { table, match, fields };
}

const staging = '`sluice_batch`';

/**
 * The statements of a group of rows with one operation, after they were staged. `ON DUPLICATE KEY UPDATE` is not used: it
 * would also write over a record that shares another unique value.
 */
export function statementsOf({ table, match, fields }: Target, operation: Operation): readonly string[] {
  const name = quote(table.name);
  const found = match ? `t.${quote(match.name)} = s.${quote(match.name)}` : 'FALSE';
  const columns = [...(match ? [match] : []), ...fields].map((field) => quote(field.name));
  const set = fields.map((field) => `t.${quote(field.name)} = s.${quote(field.name)}`).join(', ');
  const update = set === '' ? [] : [`UPDATE ${name} t JOIN ${staging} s ON ${found} SET ${set}`];
  const insert = `INSERT INTO ${name} (${columns.join(', ')}) SELECT ${columns.map((column) => `s.${column}`).join(', ')}
    FROM ${staging} s`;
  switch (operation) {
    case 'create':
      return [insert];
    case 'update':
      return update;
    case 'delete':
      return [`DELETE t FROM ${name} t JOIN ${staging} s ON ${found}`];
    case 'clear':
      return [
        `UPDATE ${name} t JOIN ${staging} s ON ${found} SET ${fields.map((field) => `t.${quote(field.name)} = NULL`).join(', ')}`,
      ];
    default:
      return match
        ? [...update, `${insert} LEFT JOIN ${name} t ON ${found} WHERE t.${quote(match.name)} IS NULL`]
        : [insert];
  }
}

/** A temporary table with the columns of the target, empty, and how rows get into it. */
export function stagingOf(
  target: Target,
  operation: Operation,
): { create: string; insert: string; columns: readonly TableColumn[] } {
  const onlyMatch = operation === 'delete' || operation === 'clear';
  const columns = [...(target.match ? [target.match] : []), ...(onlyMatch ? [] : target.fields)];
  const names = columns.map((column) => quote(column.name)).join(', ');
  return {
    columns,
    create: `CREATE TEMPORARY TABLE ${staging} AS SELECT ${names} FROM ${quote(target.table.name)} LIMIT 0`,
    insert: `INSERT INTO ${staging} (${names}) VALUES ?`,
  };
}

export const dropStaging = `DROP TEMPORARY TABLE IF EXISTS ${staging}`;

/** Rows of the target that an update has not found. */
export const missingSql = ({ table, match }: Target): string =>
  `SELECT s.${quote(match?.name ?? '')} FROM ${staging} s LEFT JOIN ${quote(table.name)} t
   ON t.${quote(match?.name ?? '')} = s.${quote(match?.name ?? '')} WHERE t.${quote(match?.name ?? '')} IS NULL`;
