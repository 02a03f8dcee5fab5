import type { QueryPreview } from '@sluice/domain/model';
import type { PgSession } from '../../kit/pg-connection.ts';
import { describeStatement } from './describe-statement.ts';
import { queryFailure } from './query-failure.ts';

/** Characters of a cell that are shown. */
const cellLengthMax = 2000;

/** The first rows of a statement as canonical text. */
export async function preview(session: PgSession, statement: string, limit: number): Promise<QueryPreview> {
  const startedAt = performance.now();
  const { columns, texts, subquery } = await describeStatement(session, statement);
  // Cut at the server: a cell may hold megabytes.
  const cells = texts.map((text) => `left(${text}, ${cellLengthMax})`);
  const sql = `SELECT ${cells.join(', ')} FROM ${subquery} LIMIT ${limit + 1}`;
  const rows = await session.queryText(sql).catch((thrown: unknown) => {
    throw queryFailure(thrown, null) ?? thrown;
  });
  return {
    columns,
    rows: rows.slice(0, limit),
    hasMore: rows.length > limit,
    durationMs: Math.round(performance.now() - startedAt),
  };
}
