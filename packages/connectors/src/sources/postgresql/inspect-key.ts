import { SluiceError } from '@sluice/domain/error';
import type { KeyInspection } from '@sluice/domain/model';
import type { PgSession } from '../../kit/pg-connection.ts';
import { describeStatement } from './describe-statement.ts';
import { queryFailure } from './query-failure.ts';

/**
 * Counts NULL (and empty) and repeated keys of a column with one query. Throws `model_primary_key_missing` when the
 * statement has no such column.
 */
export async function inspectKey(
  session: PgSession,
  statement: string,
  column: string,
): Promise<KeyInspection> {
  const { columns, texts, subquery } = await describeStatement(session, statement);
  const text = texts[columns.findIndex(({ name }) => name === column)];
  if (text === undefined) {
    throw new SluiceError('model_primary_key_missing', `The query has no column "${column}".`);
  }
  const [row = []] = await session
    .queryText(
      `WITH key AS MATERIALIZED (
         SELECT nullif(${text}, '') AS value, count(*) AS times FROM ${subquery} GROUP BY 1
       )
       SELECT coalesce(sum(times), 0), coalesce(sum(times) FILTER (WHERE value IS NULL), 0),
         coalesce(sum(times) FILTER (WHERE value IS NOT NULL AND times > 1), 0),
         (SELECT json_agg(left(value, 200)) FROM (
           SELECT value FROM key WHERE value IS NOT NULL AND times > 1 ORDER BY times DESC, value LIMIT 5) AS example)::text
       FROM key`,
    )
    .catch((thrown: unknown) => {
      throw queryFailure(thrown, null) ?? thrown;
    });
  const [rows, nulls, duplicates, examples] = row;
  return {
    rows: Number(rows),
    nulls: Number(nulls),
    duplicates: Number(duplicates),
    examples: examples ? (JSON.parse(examples) as string[]) : [],
  };
}
