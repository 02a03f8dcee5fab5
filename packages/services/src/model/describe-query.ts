import type { SourceConnection } from '@sluice/connectors/kit/source';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { ModelQuery, StoredQuery } from '@sluice/domain/query';
import type { ServiceContext } from '../context.ts';
import { resolveQuery } from '../dbt-project/resolve-query.ts';
import { querySource } from '../source/query-source.ts';

/** Columns of a query, each name once. Throws `query_columns_duplicate`, `query_invalid` and other errors of sources. */
export async function describeQuery(
  ctx: ServiceContext,
  place: { workspaceId: number; sourceId: number; signal: AbortSignal },
  query: StoredQuery,
): Promise<Column[]> {
  const asked = await resolveQuery(ctx.db, place, query);
  return querySource(ctx, place, (connection) => describeAt(connection, asked));
}

/** The same on a connection that is open. */
export async function describeAt(connection: SourceConnection, query: ModelQuery): Promise<Column[]> {
  const columns = await connection.describe(query).catch((thrown: unknown) => {
    throw atQuery(thrown);
  });
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) {
      const message = `The query has more than one column named "${name}".`;
      throw new SluiceError('query_columns_duplicate', message, { fields: { query: message } });
    }
    seen.add(name);
  }
  return columns;
}

/** What is wrong with the query itself belongs to the field that holds it. */
function atQuery(thrown: unknown): unknown {
  if (!(thrown instanceof SluiceError) || !thrown.code.startsWith('query_') || thrown.fields) return thrown;
  const { code, message, fix, details } = thrown;
  return new SluiceError(code, message, {
    fields: { query: message },
    fix,
    ...(details && { details }),
    cause: thrown,
  });
}

/** Throws `model_primary_key_missing` unless the key is one of the columns. */
export function assertPrimaryKey(primaryKey: string, columns: readonly Column[]): void {
  if (columns.some(({ name }) => name === primaryKey)) return;
  const message = `The query has no column "${primaryKey}" to use as primary key.`;
  throw new SluiceError('model_primary_key_missing', message, {
    fields: { primaryKey: message },
    fix: `Choose one of: ${columns.map(({ name }) => name).join(', ')}.`,
  });
}
