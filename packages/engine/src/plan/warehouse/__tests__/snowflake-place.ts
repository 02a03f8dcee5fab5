import { createTestContext } from '@sluice/connectors/destinations/__tests__/destination-context';
import { snowflakeSource } from '@sluice/connectors/sources/snowflake/definition';
import { trustTestAuthority } from '@sluice/testing/certificates';
import { startSnowflakeServer } from '@sluice/testing/warehouses/snowflake/server';
import { duckTable } from './duck-table.ts';
import { hearing, type ServerPlace } from './server-place.ts';

/** The vendor's own driver, and a server that speaks its wire with DuckDB behind it. */
export async function openSnowflakePlace(): Promise<ServerPlace> {
  trustTestAuthority();
  const server = await startSnowflakeServer({
    account: 'acme-test',
    users: [{ name: 'READER', password: 'correct horse' }],
  });
  const context = createTestContext([server.port]);
  const { columns, create, setRows } = duckTable(server.run);
  await create();
  await server.run('CREATE SCHEMA sluice_planner');
  return {
    columns,
    table: { schema: 'main', table: 'things' },
    ...hearing(server.statements),
    violations: [],
    open: (planner, signal = context.signal) =>
      snowflakeSource.open(
        {
          account: 'acme-test',
          accountUrl: server.url,
          user: 'READER',
          authentication: 'password',
          password: 'correct horse',
          warehouse: 'WH',
          database: 'memory',
          planner,
        },
        { ...context, signal },
      ),
    setRows,
    sql: server.run,
    async close() {
      await context.close();
      await server.close();
    },
  };
}
