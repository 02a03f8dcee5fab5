import { randomBytes } from 'node:crypto';
import type { ChangeClass } from '@sluice/domain/change';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { type Operation, operationsOf } from '@sluice/domain/sync-mode';
import { escapeIdentifier } from 'pg';
import type { LineField, PayloadFormat } from '../../kit/payload.ts';
import type { Target } from './stage-batch.ts';
import type { TableColumn } from './table.ts';
import { tableSql } from './table-id.ts';

/** How rows of one class are written as a whole. */
export interface PayloadStatement {
  readonly operation: Operation;
  readonly format: PayloadFormat;
  /** COPY straight into the table, which takes rows that are new; `null` where COPY does other things than INSERT. */
  readonly direct: string | null;
  /** By way of a staging table of the columns' own types; `null` where `direct` is the only way. */
  readonly staged: { readonly create: string; readonly copy: string; readonly write: string } | null;
}

/**
 * Rows in one COPY. A batch that is refused is made into records as a whole, and two are on their way at once: more
 * would be faster by a tenth and take several times the memory then.
 */
const rowsMax = 10_000;

/** The statements of a class; `null` where its rows are written as records. */
export function payloadStatement(
  target: Target,
  configuration: SyncConfiguration,
  name: ChangeClass,
): PayloadStatement | null {
  const operation = operationsOf(configuration)[name];
  if (operation !== 'upsert' && operation !== 'create') return null;
  const { table, match, byName } = target;
  const mapped = configuration.mappings.flatMap(({ to }) =>
    to === match?.name ? [] : (byName.get(to) ?? []),
  );
  const columns = match ? [match, ...mapped] : mapped;
  const fields: LineField[] = [];
  for (const column of columns) {
    // Lists come in two spellings, and the server knows one of them.
    if (column.shape === 'array') return null;
    fields.push({ from: column === match ? 'match' : { field: column.name }, reads: readsOf(column) });
  }
  if (operation === 'upsert' && !match) return null;
  // No value can be a text that nobody knows beforehand.
  const nullText = `~${randomBytes(12).toString('hex')}~`;
  const options = `from stdin with (format text, delimiter E'\\x1f', null '${nullText}')`;
  const names = columns.map((column) => escapeIdentifier(column.name)).join(', ');
  // COPY ignores rules, and writes into columns that INSERT may not.
  const likeInsert = !table.hasRules && !table.columns.some(({ generated }) => generated);
  const direct = likeInsert ? `copy ${tableSql(table)} (${names}) ${options}` : null;
  const staged = operation === 'upsert' && match ? stagedOf(target, match, columns, options) : null;
  if (!direct && !staged) return null;
  const rows = { kind: 'lines', delimiter: '\x1f', nullText, fields } as const;
  return { operation, format: { rowsMax, rows }, direct, staged };
}

const readsOf = ({ shape, category }: TableColumn): LineField['reads'] =>
  shape === 'json' ? 'json' : category === 'N' ? 'number' : 'text';

function stagedOf(
  { table }: Target,
  match: TableColumn,
  columns: readonly TableColumn[],
  options: string,
): NonNullable<PayloadStatement['staged']> {
  const types = columns.map(({ castType }, index) => `c${index} ${castType}`).join(', ');
  const list = columns.map(({ name }) => escapeIdentifier(name)).join(', ');
  const others = columns.filter((column) => column !== match);
  const written = (others.length > 0 ? others : [match]).map(({ name }) => escapeIdentifier(name));
  const assignments = written.map((name) => `${name} = excluded.${name}`).join(', ');
  return {
    create: `create temp table sluice_rows (${types}) on commit drop`,
    copy: `copy pg_temp.sluice_rows ${options}`,
    // In the order of the match value, so that syncs that meet in a table lock its records in one order.
    write: `insert into ${tableSql(table)} (${list})
select ${columns.map((_, index) => `s.c${index}`).join(', ')}
from pg_temp.sluice_rows s
order by s.c0
on conflict (${escapeIdentifier(match.name)}) do update set ${assignments}`,
  };
}
