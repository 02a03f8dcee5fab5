import type { SchemaTable } from '@sluice/domain/connector';

/** Schema → table → columns, as the SQL editor completes them. */
export type CompletionSchema = Record<string, Record<string, string[]>>;

/** The tables of a source in the editor's form. */
export function completionSchema(tables: readonly SchemaTable[]): CompletionSchema {
  const schema: CompletionSchema = {};
  for (const table of tables) {
    const tablesOfSchema = schema[table.schema] ?? {};
    tablesOfSchema[table.name] = table.columns.map((column) => column.name);
    schema[table.schema] = tablesOfSchema;
  }
  return schema;
}

/** The schema whose tables complete without their schema's name: `public`, else the one with most tables. */
export function defaultSchema(schema: CompletionSchema): string | undefined {
  if (schema.public) return 'public';
  const bySize = Object.entries(schema).sort(([, a], [, b]) => Object.keys(b).length - Object.keys(a).length);
  return bySize[0]?.[0];
}

/** Tables whose name, schema or a column holds every word of the text, best match (by table name) first. */
export function searchTables(tables: readonly SchemaTable[], text: string): SchemaTable[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...tables];
  const matches = tables.flatMap((table) => {
    const { own, columns } = wordsOf(table);
    const found = words.every((word) => own.includes(word) || columns.includes(word));
    return found ? [{ table, byName: words.every((word) => own.includes(word)) }] : [];
  });
  return matches.sort((a, b) => Number(b.byName) - Number(a.byName)).map(({ table }) => table);
}

interface TableWords {
  readonly own: string;
  /** The names of all columns, one a line: no word reaches over a line. */
  readonly columns: string;
}

/** Made once for each table: 10,000 of them are searched with every key that is pressed. */
const known = new WeakMap<SchemaTable, TableWords>();

function wordsOf(table: SchemaTable): TableWords {
  const before = known.get(table);
  if (before) return before;
  const words = {
    own: `${table.schema}.${table.name}`.toLowerCase(),
    columns: table.columns
      .map((column) => column.name)
      .join('\n')
      .toLowerCase(),
  };
  known.set(table, words);
  return words;
}

/** A statement that reads a table, quoted where its names need it. */
export function selectFrom(table: { schema: string; name: string }): string {
  return `select *\nfrom ${quoted(table.schema)}.${quoted(table.name)}`;
}

const quoted = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
