import type { RequestView } from '@sluice/domain/sync';
import { stagingOf, statementsOf } from './statements.ts';
import type { Group } from './write-group.ts';

/** Rows that are shown as they are staged, and characters of each. */
const rowsMax = 10;
const lengthMax = 500;

/** The statements of a group as people see them. */
export function requestView({ target, operation, rows }: Group): RequestView {
  const staging = stagingOf(target, operation);
  const shown = rows
    .slice(0, rowsMax)
    .map((cells) => `  (${cells.map(literal).join(', ')})`.slice(0, lengthMax));
  const more = rows.length - shown.length;
  return {
    summary: `${operation.toUpperCase()} ${target.table.name} (${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`,
    headers: {},
    body: [
      `${staging.create};`,
      `${staging.insert.replace(' ?', '')}`,
      shown.join(',\n') + (more > 0 ? `,\n  -- ${more} more rows` : ';'),
      ...statementsOf(target, operation).map((statement) => `${statement.replaceAll(/\s+/g, ' ')};`),
    ].join('\n'),
  };
}

function literal(cell: string | Buffer | number | null): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'number') return String(cell);
  return typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : `X'${cell.toString('hex')}'`;
}
