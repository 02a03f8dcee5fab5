import { columnsOfTemplate } from '@sluice/connectors/kit/template';
import { toSluiceError } from '@sluice/domain/error';
import type { Mapping } from '@sluice/domain/mapping';
import type { SyncConfiguration } from '@sluice/domain/sync';

/**
 * What is wrong with the mappings and the match key in themselves and against the model's columns. Answers path →
 * message (`mappings.3.to`); empty when all is well.
 */
export function findMappingProblems(
  configuration: SyncConfiguration,
  columns: readonly string[],
): Record<string, string> {
  const problems: Record<string, string> = {};
  const { matchKey, mappings } = configuration;
  const known = new Set(columns);
  const missing = (column: string): string => `The model has no column "${column}".`;

  if (matchKey && !known.has(matchKey.from)) problems['matchKey.from'] = missing(matchKey.from);

  const mappedAt = new Map<string, number>();
  mappings.forEach((mapping, index) => {
    const path = `mappings.${index}`;
    const earlier = mappedAt.get(mapping.to);
    if (earlier !== undefined)
      problems[`${path}.to`] = `"${mapping.to}" already gets its value from mapping ${earlier + 1}.`;
    else if (matchKey?.to === mapping.to && !isSameColumn(mapping, matchKey.from))
      problems[`${path}.to`] = `"${mapping.to}" is the match key and already gets "${matchKey.from}".`;
    mappedAt.set(mapping.to, earlier ?? index);

    if (mapping.type === 'column' && !known.has(mapping.from))
      problems[`${path}.from`] = missing(mapping.from);
    if (mapping.type === 'template') {
      const problem = templateProblem(mapping.template, known);
      if (problem) problems[`${path}.template`] = problem;
    }
  });
  return problems;
}

const isSameColumn = (mapping: Mapping, column: string): boolean =>
  mapping.type === 'column' && mapping.from === column;

function templateProblem(template: string, known: ReadonlySet<string>): string | null {
  try {
    const used = columnsOfTemplate(template);
    const unknown = used === 'all' ? [] : used.filter((column) => !known.has(column));
    if (unknown.length === 0) return null;
    return `The model has no column ${unknown.map((column) => `"${column}"`).join(', ')}.`;
  } catch (thrown) {
    return toSluiceError(thrown).message;
  }
}
