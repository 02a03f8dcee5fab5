import { type ColumnMatches, type SourceOutline, searchWords } from '@sluice/domain/source-schema';

/** A table as the schema browser and the editor know it: its columns are asked for when they are needed. */
export interface OutlineTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  /** `schema.name` in lower case, which searches look through. */
  readonly words: string;
}

/** The tables and views of a source, by schema and name. */
export function outlineTables(outline: SourceOutline): OutlineTable[] {
  return outline.schemas.flatMap(({ name: schema, tables, views }) => {
    const of = (kind: 'table' | 'view') => (name: string) => ({
      schema,
      name,
      kind,
      words: `${schema}.${name}`.toLowerCase(),
    });
    return [...tables.map(of('table')), ...views.map(of('view'))].sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

/** The schema whose tables complete without their schema's name: `public`, else the one with most tables. */
export function defaultSchema(tables: readonly OutlineTable[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { schema } of tables) counts.set(schema, (counts.get(schema) ?? 0) + 1);
  if (counts.has('public')) return 'public';
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

export interface FoundTable {
  readonly table: OutlineTable;
  /** Columns that hold a word of the search, where the names of the table do not hold them all. */
  readonly columns: readonly string[];
}

/** Tables whose schema and name hold every word of the text, then those that the source's columns were searched for. */
export function searchTables(
  tables: readonly OutlineTable[],
  text: string,
  byColumn: ColumnMatches['tables'],
): FoundTable[] {
  const words = searchWords(text);
  const byName = tables.filter((table) => words.every((word) => table.words.includes(word)));
  const found = byName.map((table) => ({ table, columns: noColumns }));
  if (words.length === 0 || byColumn.length === 0) return found;
  const named = new Set(byName);
  const index = new Map(tables.map((table) => [keyOf(table), table]));
  return [
    ...found,
    ...byColumn.flatMap(({ schema, name, columns }) => {
      const table = index.get(keyOf({ schema, name }));
      // Those found by what was typed before may be found by their names now.
      return table && !named.has(table) ? [{ table, columns }] : [];
    }),
  ];
}

const noColumns: readonly string[] = [];

/** Tells tables of one source apart, whatever characters their names hold. */
export const keyOf = ({ schema, name }: { schema: string; name: string }): string =>
  JSON.stringify([schema, name]);

/** A statement that reads a table, quoted where its names need it. */
export function selectFrom(table: { schema: string; name: string }): string {
  return `select *\nfrom ${quoted(table.schema)}.${quoted(table.name)}`;
}

const quoted = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
