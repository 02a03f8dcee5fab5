import type { ConnectContext } from '../../../kit/context.ts';
import { connectPg } from '../../../kit/pg-connection.ts';
import type { PgSettings } from '../../../kit/pg-settings.ts';
import { plannerSchema } from '../../../kit/planner.ts';
import { ownTables } from '../../../kit/sql/planner/own-tables.ts';
import type { PlannerWriter } from '../../../kit/sql/planner/planner-engine.ts';

/**
 * A session for the planner's own tables, which Redshift makes, renames and drops within transactions. Rows come as parameters,
 * because how a backslash in a text is read differs between servers.
 */
export async function openRedshiftWriter(
  settings: PgSettings,
  context: ConnectContext,
): Promise<PlannerWriter> {
  const session = await connectPg(settings, context, 'source');
  return {
    rows: (query) => session.queryText(query),
    tables: () =>
      ownTables((query) => session.queryText(query), {
        schema: `SELECT nspname FROM pg_namespace WHERE nspname = '${plannerSchema}'`,
        tables: `SELECT tablename FROM pg_tables WHERE schemaname = '${plannerSchema}' AND tableowner = CURRENT_USER`,
      }),
    // Of six values; a statement may have 32,767 parameters.
    rowsAtOnce: 5_000,
    create: (table, columns) =>
      session.run(
        `CREATE TABLE ${table} (${columns.map((name) => `${name} VARCHAR(${name === 'row_key' ? 65_535 : 1_024})`).join(', ')})`,
      ),
    async append(table, columns, rows) {
      if (rows.length === 0) return;
      const places = rows.map(
        (_, row) => `(${columns.map((_name, column) => `$${row * columns.length + column + 1}`).join(',')})`,
      );
      await session.queryText(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${places.join(',')}`,
        rows.flat(),
      );
    },
    async publish(table, query, spare) {
      // Made first, so that the transaction reads nothing that another one may be waiting to drop.
      await session.run(`CREATE TABLE ${spare} AS ${query}`);
      const name = table.slice(plannerSchema.length + 1);
      await session.run(
        `BEGIN READ WRITE; DROP TABLE IF EXISTS ${table}; ALTER TABLE ${spare} RENAME TO ${name}; COMMIT`,
      );
    },
    drop: (table) => session.run(`DROP TABLE IF EXISTS ${table}`),
    cancel: session.cancel,
    end: session.end,
  };
}
