import type { SchemaTable } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { KeyInspection, QueryPreview } from '@sluice/domain/model';
import type { ModelQuery } from '@sluice/domain/query';
import type { ConnectContext } from '../context.ts';
import { modelStatement } from '../model-statement.ts';
import type { SourceConnection } from '../source.ts';
import { describeStatement } from './describe-statement.ts';
import { documentText } from './document-text.ts';
import { type DuckPlace, type DuckSession, inDuckSession } from './session.ts';
import { isDocument, spoolStatement } from './spool-statement.ts';

/** Characters of a cell that are shown. */
const cellLengthMax = 2000;

export interface DuckSource {
  /** Called for each use, with the query where there is one; what it opens is released when the use is over. */
  open(query: ModelQuery | null): Promise<DuckPlace>;
  check: SourceConnection['check'];
  introspect(session: DuckSession): Promise<SchemaTable[]>;
}

/** A source whose data DuckDB reads inside this process. Each method opens the data for itself. */
export function createDuckSource(source: DuckSource, context: ConnectContext): SourceConnection {
  const quick = { totalMs: context.timeouts.requestMs };
  const inQuick = <T>(query: ModelQuery | null, work: (session: DuckSession) => Promise<T>) =>
    inDuckSession(() => source.open(query), context, quick, work);
  return {
    check: source.check,
    introspect: () => inQuick(null, source.introspect),
    describe: (query) =>
      inQuick(
        query,
        async ({ connection }) => (await describeStatement(connection, modelStatement(query))).columns,
      ),
    preview: (query, { limit }) => inQuick(query, (session) => preview(session, query, limit)),
    inspectKey: (query, column) => inQuick(query, (session) => inspectKey(session, query, column)),
    spool: (query, path, onProgress) =>
      inDuckSession(
        () => source.open(query),
        context,
        { totalMs: null, output: path },
        (session) => spoolStatement(session, modelStatement(query), path, onProgress),
      ),
    close: async () => {},
  };
}

async function preview(
  { connection, rows }: DuckSession,
  query: ModelQuery,
  limit: number,
): Promise<QueryPreview> {
  const startedAt = performance.now();
  const { columns, texts, subquery } = await describeStatement(connection, modelStatement(query));
  const cells = texts.map((text, index) =>
    columns[index] && isDocument(columns[index]) ? text : `left(${text}, ${cellLengthMax})`,
  );
  const found = await rows(`SELECT ${cells.join(', ')} FROM ${subquery} LIMIT ${limit + 1}`);
  const shown = (cell: string | null, index: number) =>
    cell !== null && columns[index] && isDocument(columns[index])
      ? documentText(cell).slice(0, cellLengthMax)
      : cell;
  return {
    columns,
    rows: found.slice(0, limit).map((row) => row.map(shown)),
    hasMore: found.length > limit,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

async function inspectKey(
  { connection, rows }: DuckSession,
  query: ModelQuery,
  column: string,
): Promise<KeyInspection> {
  const { columns, texts, subquery } = await describeStatement(connection, modelStatement(query));
  const text = texts[columns.findIndex(({ name }) => name === column)];
  if (text === undefined) {
    throw new SluiceError('model_primary_key_missing', `The query has no column "${column}".`);
  }
  const keys = `WITH key AS MATERIALIZED (
    SELECT nullif(${text}, '') AS value, count(*) AS times FROM ${subquery} GROUP BY 1)`;
  const [row = []] = await rows(
    `${keys} SELECT coalesce(sum(times), 0)::VARCHAR,
      coalesce(sum(times) FILTER (WHERE value IS NULL), 0)::VARCHAR,
      coalesce(sum(times) FILTER (WHERE value IS NOT NULL AND times > 1), 0)::VARCHAR,
      (SELECT to_json(list(left(value, 200)))::VARCHAR FROM (SELECT value FROM key
        WHERE value IS NOT NULL AND times > 1 ORDER BY times DESC, value LIMIT 5)) FROM key`,
  );
  const [total, nulls, duplicates, examples] = row;
  return {
    rows: Number(total),
    nulls: Number(nulls),
    duplicates: Number(duplicates),
    examples: examples ? (JSON.parse(examples) as string[]) : [],
  };
}
