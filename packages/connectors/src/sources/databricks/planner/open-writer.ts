import type { ConnectContext } from '../../../kit/context.ts';
import { plannerSchema } from '../../../kit/planner.ts';
import { jsonRows, jsonRowsAtOnce } from '../../../kit/sql/planner/json-rows.ts';
import { ownTables } from '../../../kit/sql/planner/own-tables.ts';
import type { PlannerWriter } from '../../../kit/sql/planner/planner-engine.ts';
import { readAll } from '../../../kit/sql/sql-source.ts';
import type { DatabricksClient } from '../client.ts';
import type { DatabricksSettings } from '../configuration.ts';
import { quoteDatabricks } from '../dialect.ts';
import { openDatabricksSession } from '../open-session.ts';

/**
 * Statements for the planner's own tables. Each counts at once; a Delta table is replaced by a single one
 * (https://docs.databricks.com/aws/en/delta/drop-table, read 2026-11-22).
 */
export function openDatabricksWriter(
  client: DatabricksClient,
  settings: DatabricksSettings,
  context: ConnectContext,
  waiting: () => void,
): PlannerWriter {
  const session = openDatabricksSession(client, settings, context, waiting);
  const run = async (statement: string): Promise<void> => {
    await session.query(statement);
  };
  const rows = async (query: string) => (await readAll(await session.query(query))).rows;
  const views = `${quoteDatabricks(settings.catalog)}.information_schema`;
  return {
    rows,
    tables: () =>
      ownTables(rows, {
        schema: `SELECT schema_name FROM ${views}.schemata WHERE schema_name = '${plannerSchema}'`,
        tables: `SELECT table_name FROM ${views}.tables WHERE table_schema = '${plannerSchema}'`,
      }),
    rowsAtOnce: jsonRowsAtOnce,
    create: (table, columns) =>
      run(`CREATE TABLE ${table} (${columns.map((name) => `${name} STRING`).join(', ')})`),
    async append(table, columns, block) {
      const shape = `ARRAY<STRUCT<${columns.map((name) => `${name}: STRING`).join(', ')}>>`;
      const cells = columns.map((name) => `s_row.${name}`).join(', ');
      const statement = `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${cells} FROM (SELECT EXPLODE(FROM_JSON(:rows, '${shape}')) AS s_row)`;
      for (const text of jsonRows(columns, block)) await session.query(statement, { rows: text });
    },
    publish: (table, query) => run(`CREATE OR REPLACE TABLE ${table} AS ${query}`),
    drop: (table) => run(`DROP TABLE IF EXISTS ${table}`),
    cancel: session.cancel,
    end: session.end,
  };
}
