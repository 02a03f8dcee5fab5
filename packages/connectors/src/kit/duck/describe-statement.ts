import { type DuckDBConnection, StatementType } from '@duckdb/node-api';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import { asSubquery } from '../model-statement.ts';
import { canonicalText, columnType } from './column-type.ts';

export interface DescribedStatement {
  readonly columns: Column[];
  readonly canonical: string;
  readonly subquery: string;
  readonly texts: readonly string[];
}

/**
 * Has DuckDB judge a model's statement without running it: exactly one statement, a SELECT, alone and as a subquery.
 * Throws `query_not_read_only`, `query_columns_duplicate`, or DuckDB's own error for what it cannot parse.
 */
export async function describeStatement(
  connection: DuckDBConnection,
  statement: string,
): Promise<DescribedStatement> {
  const columns = await prepare(connection, statement);
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) {
      throw new SluiceError('query_columns_duplicate', `The result has two columns called "${name}".`, {
        details: { column: name },
      });
    }
    seen.add(name);
  }
  const texts = columns.map(({ nativeType }, index) => canonicalText(nativeType, `model.c${index + 1}`));
  const subquery = asSubquery(statement, columns.length);
  const canonical = `SELECT ${texts.join(', ')} FROM ${subquery}`;
  await prepare(connection, canonical);
  return { columns, canonical, subquery, texts };
}

async function prepare(connection: DuckDBConnection, sql: string): Promise<Column[]> {
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) {
    throw new SluiceError('query_not_read_only', 'The query holds several statements.', {
      fix: 'Keep a single SELECT and take out the semicolon between the statements.',
    });
  }
  const prepared = await connection.prepare(sql);
  try {
    if (prepared.statementType !== StatementType.SELECT) {
      throw new SluiceError('query_not_read_only', 'A model has to be a SELECT.');
    }
    if (prepared.parameterCount > 0) {
      throw new SluiceError('query_invalid', 'The query has a parameter, and nothing to put in its place.', {
        fix: 'Write the value into the query.',
      });
    }
    return Array.from({ length: prepared.columnCount }, (_, index) => {
      const type = prepared.columnType(index);
      const nativeType = type.alias ?? type.toString();
      return { name: prepared.columnName(index), type: columnType(nativeType), nativeType };
    });
  } finally {
    prepared.destroySync();
  }
}
