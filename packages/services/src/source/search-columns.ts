import type { Actor } from '@sluice/domain/actor';
import type { SchemaTable } from '@sluice/domain/connector';
import { type ColumnMatches, type SearchColumns, searchWords } from '@sluice/domain/source-schema';
import type { ServiceContext } from '../context.ts';
import { readSchema } from './read-schema.ts';

const tablesMax = 200;

/**
 * Tables that hold every word of a search only together with their columns, with the columns that hold one; at most 200. Those
 * whose own name holds all words are not among them: whoever has the outline finds them alone. Reads and throws as `readSchema`.
 */
export async function searchColumns(
  ctx: ServiceContext,
  actor: Actor,
  { id, search }: SearchColumns,
  options: { signal: AbortSignal },
): Promise<ColumnMatches> {
  const { tables } = await readSchema(ctx, actor, { id }, options);
  const words = searchWords(search);
  if (words.length === 0) return { tables: [], total: 0 };
  const found = tables.filter((table) => {
    const { own, columns } = wordsOf(table);
    const rest = words.filter((word) => !own.includes(word));
    return rest.length > 0 && rest.every((word) => columns.includes(word));
  });
  return {
    total: found.length,
    tables: found.slice(0, tablesMax).map(({ schema, name, columns }) => ({
      schema,
      name,
      columns: columns.map((column) => column.name).filter((column) => holdsOne(column, words)),
    })),
  };
}

const holdsOne = (name: string, words: readonly string[]): boolean => {
  const lower = name.toLowerCase();
  return words.some((word) => lower.includes(word));
};

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
