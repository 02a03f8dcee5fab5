import type { DestinationConnection } from '@sluice/connectors/kit/destination';
import { columnsOfTemplate } from '@sluice/connectors/kit/template';
import type { Mapping } from '@sluice/domain/mapping';
import type { SyncConfiguration } from '@sluice/domain/sync';

/**
 * The columns of the model that a valid configuration uses, each once; `['*']` where any column may matter. A model
 * edit is judged by them, and the primary key is always used besides.
 */
export function referencedColumns(
  configuration: SyncConfiguration,
  connection: Pick<DestinationConnection, 'columnsUsed'>,
): string[] {
  const used = [
    configuration.matchKey ? [configuration.matchKey.from] : [],
    ...configuration.mappings.map(columnsOfMapping),
    connection.columnsUsed(configuration),
  ];
  const names = new Set<string>();
  for (const columns of used) {
    if (columns === 'all') return ['*'];
    for (const name of columns) names.add(name);
  }
  return [...names];
}

function columnsOfMapping(mapping: Mapping): readonly string[] | 'all' {
  if (mapping.type === 'column') return [mapping.from];
  return mapping.type === 'template' ? columnsOfTemplate(mapping.template) : [];
}
