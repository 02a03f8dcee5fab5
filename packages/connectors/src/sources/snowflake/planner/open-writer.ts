import type { ConnectContext } from '../../../kit/context.ts';
import { plannerSchema } from '../../../kit/planner.ts';
import { ownTables } from '../../../kit/sql/planner/own-tables.ts';
import type { PlannerWriter } from '../../../kit/sql/planner/planner-engine.ts';
import { readAll } from '../../../kit/sql/sql-source.ts';
import { quoteIdentifier } from '../../../kit/sql-identifier.ts';
import type { SnowflakeSettings } from '../configuration.ts';
import { openSnowflakeSession } from '../open-session.ts';

/**
 * A session for the planner's own tables. Each statement counts at once, and a table is replaced by a single one
 * (https://docs.snowflake.com/en/sql-reference/sql/create-table, read 2026-11-22). Tables are transient: their content can always be
 * made again, so nobody pays for keeping what was in them.
 */
export async function openSnowflakeWriter(
  settings: SnowflakeSettings,
  context: ConnectContext,
): Promise<PlannerWriter> {
  const session = await openSnowflakeSession(settings, context);
  const run = async (statement: string): Promise<void> => {
    await session.query(statement);
  };
  const rows = async (query: string) => (await readAll(await session.query(query))).rows;
  const views = `${quoteIdentifier(settings.database)}.information_schema`;
  const space = plannerSchema.toUpperCase();
  return {
    rows,
    tables: () =>
      ownTables(rows, {
        schema: `SELECT schema_name FROM ${views}.schemata WHERE UPPER(schema_name) = '${space}'`,
        tables: `SELECT table_name FROM ${views}.tables WHERE UPPER(table_schema) = '${space}'`,
      }),
    // Of six values; with more than 65,280 the driver would put them into a file on a stage first.
    rowsAtOnce: 10_000,
    create: (table, columns) =>
      run(`CREATE TRANSIENT TABLE ${table} (${columns.map((name) => `${name} VARCHAR`).join(', ')})`),
    async append(table, columns, rows) {
      if (rows.length === 0) return;
      const places = columns.map(() => '?').join(', ');
      await session.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`, rows);
    },
    publish: (table, query) => run(`CREATE OR REPLACE TRANSIENT TABLE ${table} AS ${query}`),
    drop: (table) => run(`DROP TABLE IF EXISTS ${table}`),
    cancel: session.cancel,
    end: session.end,
  };
}
