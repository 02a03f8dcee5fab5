import type { LineField, PayloadFormat, TextLines } from '@sluice/connectors/kit/payload';
import type { ChangeClass } from '@sluice/domain/change';
import type { Column } from '@sluice/domain/column';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { PlanMetadata } from '../ledger/file-metadata.ts';
import { literal } from '../sql.ts';
import type { RunVariables } from './mapping.ts';
import { jsonValue, lineValue, type ValueSql } from './payload-value.ts';

/** SQL over the rows of a plan. */
export interface RowTextSql {
  /** The text of a row that holds nothing special. */
  readonly plain: string;
  /** The text of any row; may use the column `plain`. */
  readonly text: string;
  /** Whether that text says exactly what a record would: a payload holds such rows alone. */
  readonly exact: string;
}

/**
 * Compiles what a mapped row is into SQL that writes it. `null` where it takes more than columns and constants, or a type
 * whose text would differ from what a record says.
 */
export function payloadSql(
  format: PayloadFormat,
  input: {
    readonly class: ChangeClass;
    readonly metadata: PlanMetadata;
    readonly configuration: SyncConfiguration;
    readonly variables: RunVariables;
  },
): RowTextSql | null {
  const { metadata, configuration } = input;
  if (input.class === 'removed') return null;
  const sendable = [
    ...(metadata.twins ? ['twin IS NULL'] : []),
    ...(metadata.cut ? ['oversize IS NULL'] : []),
    ...matchKnown(configuration, metadata),
  ];
  const row = format.rows.kind === 'json' ? jsonRow(metadata) : line(format.rows, input);
  return row && { ...row, exact: [...sendable, ...row.exact].join(' AND ') || 'true' };
}

interface RowSql {
  readonly plain: string;
  readonly text: string;
  readonly exact: readonly string[];
}

function matchKnown({ matchKey }: SyncConfiguration, metadata: PlanMetadata): string[] {
  if (!matchKey) return [];
  const found = columnSql(metadata, matchKey.from);
  return [found ? `${found.sql} IS NOT NULL` : 'false'];
}

/** The row as `JSON.stringify` would write it. */
function jsonRow(metadata: PlanMetadata): RowSql | null {
  const columns = [
    { column: metadata.primaryKey, sql: 'key' },
    ...metadata.values.map((column, index) => ({ column, sql: `v${index}` })),
  ];
  // Names that are whole numbers would come first in an object.
  if (columns.some(({ column }) => /^\d+$/.test(column.name) || column.name === '__proto__')) return null;
  const values = columns.map(({ column, sql }) => jsonValue(sql, column.type));
  const parts = columns.flatMap(({ column }, index) => {
    const name = `${index === 0 ? '{' : ','}${JSON.stringify(column.name)}:`;
    return [literal(name), `coalesce(${values[index]?.text}, 'null')`];
  });
  return {
    plain: `concat(${parts.join(', ')}, '}')`,
    text: 'plain',
    exact: values.flatMap(({ exact }) => exact),
  };
}

/** Most rows hold nothing that COPY escapes: one look over the whole line finds that out. */
function line(format: TextLines, input: Parameters<typeof payloadSql>[1]): RowSql | null {
  const fields: ValueSql[] = [];
  for (const field of format.fields) {
    const value = fieldSql(field, input);
    if (!value) return null;
    fields.push(value);
  }
  const delimiter = literal(format.delimiter);
  const joined = (written: (text: string) => string): string => {
    const cells = fields.map(({ text }) => `coalesce(${written(text)}, ${literal(format.nullText)})`);
    return `concat_ws(${delimiter}, ${cells.join(', ')})`;
  };
  const escaped = joined(
    (text) =>
      `replace(replace(replace(replace(${text}, '\\', '\\\\'), ${delimiter}, '\\' || ${delimiter}), chr(10), '\\n'), chr(13), '\\r')`,
  );
  return {
    plain: joined((text) => text),
    text: `CASE WHEN ${holdsSpecial(delimiter, fields.length)} THEN ${escaped} ELSE plain END`,
    exact: fields.flatMap(({ exact }) => exact),
  };
}

/** Besides those between its fields, a line may hold delimiters of its values. */
const holdsSpecial = (delimiter: string, fields: number): string =>
  `contains(plain, '\\') OR contains(plain, chr(10)) OR contains(plain, chr(13)) OR len(string_split(plain, ${delimiter})) > ${fields}`;

function fieldSql(
  { from, reads }: LineField,
  { metadata, configuration, variables, class: className }: Parameters<typeof payloadSql>[1],
): ValueSql | null {
  if (from === 'match') {
    const found = configuration.matchKey && columnSql(metadata, configuration.matchKey.from);
    return found ? lineValue(found.sql, found.column.type, reads) : null;
  }
  const mapping = configuration.mappings.find(({ to }) => to === from.field);
  if (!mapping || mapping.type === 'template') return null;
  if (mapping.type === 'column') {
    const found = columnSql(metadata, mapping.from);
    const value = found && lineValue(found.sql, found.column.type, reads);
    if (!value || mapping.nulls === 'send') return value;
    // A field that is left out makes another statement.
    return { ...value, exact: [...value.exact, `${found.sql} IS NOT NULL`] };
  }
  const name = mapping.type === 'variable' ? mapping.variable : null;
  const constant =
    mapping.type === 'static' ? mapping.value : name === 'change-class' ? className : name && variables[name];
  if (constant === null) return mapping.nulls === 'send' ? { text: 'NULL::VARCHAR', exact: [] } : null;
  if (typeof constant === 'object' || reads === 'json') return null;
  return { text: literal(String(constant)), exact: [] };
}

function columnSql(
  { primaryKey, values }: PlanMetadata,
  name: string,
): { readonly column: Column; readonly sql: string } | null {
  if (name === primaryKey.name) return { column: primaryKey, sql: 'key' };
  const index = values.findIndex((column) => column.name === name);
  const column = values[index];
  return column ? { column, sql: `v${index}` } : null;
}
