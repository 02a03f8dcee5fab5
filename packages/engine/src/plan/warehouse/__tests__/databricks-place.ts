import { createTestContext } from '@sluice/connectors/destinations/__tests__/destination-context';
import { databricksSource } from '@sluice/connectors/sources/databricks/definition';
import { trustTestAuthority } from '@sluice/testing/certificates';
import { startDatabricksServer } from '@sluice/testing/warehouses/databricks/server';
import { duckTable } from './duck-table.ts';
import { hearing, type ServerPlace } from './server-place.ts';

/** A server that speaks the Statement Execution API, with DuckDB behind it. A table with `doc` cannot be compared there. */
export async function openDatabricksPlace(without: readonly string[] = ['doc']): Promise<ServerPlace> {
  trustTestAuthority();
  const server = await startDatabricksServer({
    warehouse: 'abc123',
    principal: { id: 'principal-1', secret: 'hush', token: 'dapi-1' },
  });
  const context = createTestContext([server.port, server.storagePort]);
  const { columns, create, setRows } = duckTable(server.run, without);
  await create();
  await server.run('CREATE SCHEMA sluice_planner');
  return {
    columns,
    table: { schema: 'main', table: 'things' },
    ...hearing(server.statements),
    violations: server.violations,
    open: (planner, signal = context.signal) =>
      databricksSource.open(
        {
          workspaceUrl: server.url,
          warehouse: 'abc123',
          authentication: 'token',
          token: 'dapi-1',
          catalog: 'memory',
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
