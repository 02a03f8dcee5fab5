import { SluiceError } from '@sluice/domain/error';
import type { ModelQuery } from '@sluice/domain/query';
import { quoteIdentifier } from './sql-identifier.ts';
import { scanSql } from './sql-scan.ts';

/**
 * The one statement of a model, without a final semicolon. Throws `query_not_read_only` for what visibly is several
 * statements or not a query. This is for good messages only: what keeps a model from writing is the server, which
 * parses the statement alone, then inside a subquery, and runs it in a read-only transaction.
 */
export function modelStatement(
  query: ModelQuery,
  dialect: {
    table(schema: string, table: string): string;
    readonly backslashes?: boolean;
  } = standardSql,
): string {
  if (query.queryType === 'table') return `SELECT * FROM ${dialect.table(query.schema, query.table)}`;
  const { end, rest, firstWord } = scanSql(query.sql, { backslashes: dialect.backslashes ?? false });
  if (rest) {
    throw new SluiceError('query_not_read_only', 'The query holds several statements.', {
      fix: 'Keep a single SELECT and take out the semicolon between the statements.',
    });
  }
  if (firstWord === '')
    throw new SluiceError('query_invalid', 'The query is empty.', { fix: 'Write a SELECT.' });
  if (writing.has(firstWord)) {
    throw new SluiceError(
      'query_not_read_only',
      `A model may only read, but the query begins with ${firstWord}.`,
    );
  }
  return query.sql.slice(0, end);
}

const standardSql = {
  table: (schema: string, table: string) => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`,
};

/** Whether a statement that the server can parse is a query, judged by how it begins. */
export function isQuery(statement: string): boolean {
  return ['SELECT', 'WITH', 'VALUES', 'TABLE'].includes(scanSql(statement).firstWord);
}

/** A statement as a subquery whose columns are called c1, c2 … whatever the statement calls them. */
export function asSubquery(statement: string, columns: number): string {
  const names = Array.from({ length: columns }, (_, index) => `c${index + 1}`);
  // The line break ends a comment that the statement may end with.
  return `(\n${statement}\n) AS model (${names.join(', ')})`;
}

const writing = new Set(
  `INSERT UPDATE DELETE MERGE TRUNCATE CREATE ALTER DROP GRANT REVOKE COPY CALL DO SET RESET BEGIN START COMMIT ROLLBACK
  SAVEPOINT LOCK VACUUM ANALYZE ANALYSE REFRESH REINDEX CLUSTER COMMENT LISTEN NOTIFY UNLISTEN PREPARE EXECUTE DECLARE
  FETCH MOVE CLOSE DISCARD CHECKPOINT REASSIGN SECURITY IMPORT LOAD EXPLAIN SHOW ATTACH DETACH PRAGMA INSTALL EXPORT USE
  REPLACE ABORT END`.split(/\s+/),
);
