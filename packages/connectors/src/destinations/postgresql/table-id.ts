import { escapeIdentifier } from 'pg';

/** A table's place. Names are exact: nothing is folded to lower case. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** The object id of a table: `public.contacts`; parts with a dot or a quote are quoted as in SQL. */
export const tableId = ({ schema, name }: TableName): string => `${idPart(schema)}.${idPart(name)}`;

/** The table that an object id means; `null` when it is none. */
export function parseTableId(id: string): TableName | null {
  const match = /^("(?:[^"]|"")+"|[^".]+)\.("(?:[^"]|"")+"|[^".]+)$/s.exec(id);
  const [, schema, name] = match ?? [];
  return schema && name ? { schema: unquoted(schema), name: unquoted(name) } : null;
}

/** The table as it stands in a statement. */
export const tableSql = ({ schema, name }: TableName): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;

const idPart = (text: string): string => (/[".]/.test(text) ? escapeIdentifier(text) : text);

const unquoted = (part: string): string =>
  part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
