import type { Completion, CompletionContext, CompletionSource } from '@codemirror/autocomplete';
import { PostgreSQL, schemaCompletionSource } from '@codemirror/lang-sql';
import { syntaxTree } from '@codemirror/language';

export interface NamedTable {
  readonly schema: string;
  readonly name: string;
}

/** What a source holds, as the editor completes it. */
export interface SqlSchema {
  readonly tables: readonly NamedTable[];
  /** Its tables need no schema before them. */
  readonly defaultSchema: string | undefined;
  /** Names of the columns of a table; none when they cannot be had. Asked with every key, so they are to be kept. */
  columnsOf(table: NamedTable): Promise<readonly string[]>;
}

/** Tables whose columns are asked for at most, whatever a statement says. */
const mentionedMax = 20;

/** Completes schemas and tables at once, and columns of the tables that the statement mentions when they have come. */
export function sqlCompletions(schema: SqlSchema): CompletionSource[] {
  return [tableSource(schema), columnSource(schema)];
}

function tableSource({ tables, defaultSchema }: SqlSchema): CompletionSource {
  const bySchema = new Map<string, Completion[]>();
  for (const table of tables) {
    const named = bySchema.get(table.schema);
    if (named) named.push(nameCompletion(table.name));
    else bySchema.set(table.schema, [nameCompletion(table.name)]);
  }
  const schemas = [...bySchema.keys()].map(nameCompletion);
  const unqualified = [...schemas, ...(bySchema.get(defaultSchema ?? '') ?? [])];
  return (context) => {
    const at = placeOf(context);
    if (!at) return null;
    const options = at.qualifier === null ? unqualified : bySchema.get(at.qualifier);
    return options ? { from: at.from, options, validFor: /^\w*$/ } : null;
  };
}

function columnSource(schema: SqlSchema): CompletionSource {
  const index = tableIndex(schema.tables);
  return async (context) => {
    const isTyped = context.explicit || context.matchBefore(/[\w."]$/) !== null;
    if (!isTyped || /String|Comment|Number/.test(nodeOf(context))) return null;
    const mentioned = mentionedTables(index, schema.defaultSchema, context.state.doc.toString());
    if (mentioned.length === 0) return null;
    const columns = await Promise.all(mentioned.map((table) => schema.columnsOf(table)));
    if (context.aborted) return null;
    const known: Record<string, Record<string, Completion[]>> = {};
    mentioned.forEach(({ schema: name, name: table }, place) => {
      const tablesOfSchema = known[escaped(name)] ?? {};
      tablesOfSchema[escaped(table)] = (columns[place] ?? []).map((column) => ({
        ...nameCompletion(column),
        type: 'property',
      }));
      known[escaped(name)] = tablesOfSchema;
    });
    // Of the tables that are mentioned only: it takes the square of the time for twice the tables.
    const found = await schemaCompletionSource({
      dialect: PostgreSQL,
      schema: known,
      ...(schema.defaultSchema !== undefined && { defaultSchema: schema.defaultSchema }),
    })(context);
    // Tables and schemas are the other source's.
    return found && { ...found, options: found.options.filter(({ type }) => type !== 'type') };
  };
}

/** A dot in a name is no path. */
const escaped = (name: string): string => name.replaceAll('.', '\\.');

function nameCompletion(label: string): Completion {
  return /^[a-z_][a-z_\d]*$/.test(label)
    ? { label, type: 'type' }
    : { label, type: 'type', apply: `"${label.replaceAll('"', '""')}"` };
}

/** The word that is being typed, and the name before its dot; `null` in texts and comments, and where nothing is typed. */
function placeOf(context: CompletionContext): { from: number; qualifier: string | null } | null {
  if (/String|Comment|Quoted|Number/.test(nodeOf(context))) return null;
  const typed = context.matchBefore(/(?:(?:\w+|"[^"]+")\.)?\w*$/);
  if (!typed || typed.text === '') return context.explicit ? { from: context.pos, qualifier: null } : null;
  const dot = typed.text.lastIndexOf('.');
  return {
    from: typed.from + dot + 1,
    qualifier: dot < 0 ? null : typed.text.slice(0, dot).replaceAll('"', ''),
  };
}

const nodeOf = (context: CompletionContext): string =>
  syntaxTree(context.state).resolveInner(context.pos, -1).name;

export type TableIndex = ReadonlyMap<string, readonly NamedTable[]>;

/** Tables by their names in lower case. */
export function tableIndex(tables: readonly NamedTable[]): TableIndex {
  const index = new Map<string, NamedTable[]>();
  for (const table of tables) {
    const name = table.name.toLowerCase();
    const named = index.get(name);
    if (named) named.push(table);
    else index.set(name, [table]);
  }
  return index;
}

/** Tables whose names stand in a statement, at most 20: those of schemas that stand there too before all others. */
export function mentionedTables(
  index: TableIndex,
  defaultSchema: string | undefined,
  statement: string,
): NamedTable[] {
  const words = new Set<string>();
  for (const [, quoted, plain] of statement.matchAll(/"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*)/gu))
    words.add((quoted?.replaceAll('""', '"') ?? plain ?? '').toLowerCase());
  const found = [...words].flatMap((word) => index.get(word) ?? []);
  const rank = ({ schema }: NamedTable) =>
    words.has(schema.toLowerCase()) ? 0 : schema === defaultSchema ? 1 : 2;
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, mentionedMax);
}
