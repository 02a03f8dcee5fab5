import type { RequestView } from '@sluice/domain/sync';
import type { StagedGroup } from './stage-batch.ts';
import { copySql } from './statement.ts';
import { tableId } from './table-id.ts';

/** The statements of a group as people see them. `rows`: how many of the staged rows are shown with them. */
export function requestView(group: StagedGroup, rows = 0): RequestView {
  const { operation, statement, target } = group;
  const count = group.rows.length;
  const lines = group.rows.slice(0, rows).map(({ line }, index) => `${index + 1}${line}`);
  const more = count - lines.length;
  return {
    summary: `${operation.toUpperCase()} ${tableId(target.table)} (${count} ${count === 1 ? 'row' : 'rows'})`,
    headers: {},
    body: [
      `${copySql(statement.columns.length)};`,
      ...(lines.length > 0
        ? [`-- n\t${statement.columns.map(({ name }) => name).join('\t')}`, ...lines]
        : []),
      ...(more > 0 ? [`-- ${more} ${lines.length > 0 ? 'more ' : ''}rows`] : []),
      '\\.',
      `${statement.sql.replace('$1 and $2', `1 and ${count}`)};`,
    ].join('\n'),
  };
}
