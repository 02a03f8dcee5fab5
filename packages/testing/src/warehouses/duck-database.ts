import { DuckDBInstance } from '@duckdb/node-api';

/** A DuckDB that stands behind a server which speaks a vendor's wire. */
export interface DuckDatabase {
  /** Runs a statement; cells as text. */
  rows(sql: string): Promise<(string | null)[][]>;
  /** How many statements a text holds. Throws DuckDB's error for what it cannot parse. */
  count(sql: string): Promise<number>;
  /** Columns of a statement, by name and DuckDB type. Throws DuckDB's error for what it cannot parse. */
  describe(sql: string): Promise<{ name: string; type: string }[]>;
  close(): void;
}

export async function openDuckDatabase(): Promise<DuckDatabase> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '512MB' });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return {
    async rows(sql) {
      return (await connection.runAndReadAll(sql)).getRowsJson() as (string | null)[][];
    },
    async count(sql) {
      return (await connection.extractStatements(sql)).count;
    },
    async describe(sql) {
      const prepared = await connection.prepare(sql);
      try {
        return Array.from({ length: prepared.columnCount }, (_, index) => {
          const type = prepared.columnType(index);
          return { name: prepared.columnName(index), type: type.alias ?? type.toString() };
        });
      } finally {
        prepared.destroySync();
      }
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
