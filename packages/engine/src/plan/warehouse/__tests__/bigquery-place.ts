import { generateKeyPairSync } from 'node:crypto';
import { createTestContext } from '@sluice/connectors/destinations/__tests__/destination-context';
import { bigquerySource } from '@sluice/connectors/sources/bigquery/definition';
import { trustTestAuthority } from '@sluice/testing/certificates';
import { startBigQueryServer } from '@sluice/testing/warehouses/bigquery/server';
import { duckTable } from './duck-table.ts';
import { hearing, type ServerPlace } from './server-place.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const email = 'reader@acme-analytics.iam.gserviceaccount.com';

/** The vendor's own client, and a server that speaks the REST API with DuckDB behind it. */
export async function openBigQueryPlace(): Promise<ServerPlace> {
  trustTestAuthority();
  const server = await startBigQueryServer({
    project: 'acme-analytics',
    user: {
      email,
      publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      token: 'granted-1',
    },
  });
  const context = createTestContext([server.port]);
  const { columns, create, setRows } = duckTable(server.run);
  await create();
  await server.run('CREATE SCHEMA sluice_planner');
  const serviceAccountKey = JSON.stringify({
    type: 'service_account',
    client_email: email,
    private_key_id: 'k1',
    private_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${server.url}/token`,
  });
  return {
    columns,
    table: { schema: 'main', table: 'things' },
    ...hearing(server.jobs),
    violations: server.violations,
    open: (planner, signal = context.signal) =>
      bigquerySource.open(
        {
          project: 'acme-analytics',
          location: 'EU',
          authentication: 'service_account',
          serviceAccountKey,
          apiUrl: server.url,
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
