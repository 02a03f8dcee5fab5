import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { trustTestAuthority } from '@sluice/testing/certificates';
import { startHttpServer } from '@sluice/testing/http-server';
import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import { startBigQueryServer } from '@sluice/testing/warehouses/bigquery/server';
import { realClickHouse } from '@sluice/testing/warehouses/clickhouse/real-server';
import { startClickHouseServer } from '@sluice/testing/warehouses/clickhouse/server';
import { startDatabricksServer } from '@sluice/testing/warehouses/databricks/server';
import { startRedshiftStandIn } from '@sluice/testing/warehouses/redshift/stand-in';
import { startSnowflakeServer } from '@sluice/testing/warehouses/snowflake/server';
import { createTestContext, type TestContext } from '../destinations/__tests__/destination-context.ts';
import { apiCases } from './api-cases.ts';
import { type Places, servicePorts } from './connector-cases.ts';
import { serverCases } from './server-cases.ts';
import { startSilentServer } from './silent-server.ts';
import { sourceServerCases } from './source-server-cases.ts';

export interface OpenPlaces {
  readonly places: Places;
  /** Lets exactly the ports of these places through. */
  readonly context: TestContext;
  close(): Promise<void>;
}

/** Starts every server that the conformance suites ask connectors against. */
export async function openPlaces(): Promise<OpenPlaces> {
  const sampleDirectory = mkdtempSync(join(tmpdir(), 'sluice-conformance-'));
  const filesDirectory = mkdtempSync(join(tmpdir(), 'sluice-files-'));
  writeFileSync(join(filesDirectory, 'people.csv'), 'id,name\n1,one\n2,two\n');
  const sqlite = new DatabaseSync(join(filesDirectory, 'people.sqlite'));
  sqlite.exec(
    "CREATE TABLE questions (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO questions VALUES (1, 'one'), (2, 'two')",
  );
  sqlite.close();
  const { url, name } = await createEmptyDatabase();
  await asOwner('create table conformance (id bigint primary key, name text)', [], name);
  const { username, password } = new URL(url);
  const http = await startHttpServer((request) => ({
    status: request.path.startsWith('/refuse') ? 401 : 200,
  }));
  const silent = await startSilentServer();
  trustTestAuthority();
  const clickhouse = await startClickHouseServer({ user: 'reader', password: 'right' });
  const snowflake = await startSnowflakeServer({
    account: 'acme-test',
    users: [{ name: 'READER', token: 'the token' }],
  });
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const email = 'reader@acme-analytics.iam.gserviceaccount.com';
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const bigquery = await startBigQueryServer({
    project: 'acme-analytics',
    user: { email, publicKey, token: 'the token' },
  });
  const { name: redshiftDatabase } = await createEmptyDatabase();
  const redshift = await startRedshiftStandIn((await testCluster()).port, redshiftDatabase);
  const databricks = await startDatabricksServer({
    warehouse: 'abc123',
    principal: { id: 'reader', secret: 'the secret', token: 'the token' },
  });
  const vendors = await Promise.all(
    Object.entries({ ...apiCases, ...serverCases }).map(
      async ([slug, one]) => [slug, await one.start()] as const,
    ),
  );
  const sources = await Promise.all(
    Object.entries(sourceServerCases).map(async ([slug, one]) => [slug, await one.start()] as const),
  );
  const places: Places = {
    postgres: {
      port: (await testCluster()).port,
      database: name,
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
    },
    http: { url: http.url },
    clickhouse: {
      url: realClickHouse?.origin ?? clickhouse.url,
      port: Number(realClickHouse?.port ?? clickhouse.port),
      run: clickhouse.run,
    },
    snowflake: { url: snowflake.url, run: snowflake.run },
    bigquery: {
      url: bigquery.url,
      run: bigquery.run,
      key: (at) =>
        JSON.stringify({
          client_email: email,
          private_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
          token_uri: `${at}/token`,
        }),
    },
    redshift: {
      port: redshift.port,
      database: redshiftDatabase,
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
    },
    databricks: { url: databricks.url, run: databricks.run },
    sources: Object.fromEntries(sources.map(([slug, server]) => [slug, server.url])),
    vendors: Object.fromEntries(vendors.map(([slug, vendor]) => [slug, vendor.url])),
    silentPort: silent.port,
    closedPort: 1,
  };
  const context = createTestContext(
    [
      places.postgres.port,
      http.port,
      silent.port,
      places.closedPort,
      snowflake.port,
      places.clickhouse.port,
      bigquery.port,
      databricks.port,
      redshift.port,
      databricks.storagePort,
      ...servicePorts,
      ...sources.map(([, { port }]) => port),
      ...vendors.map(([, { port }]) => port),
    ],
    { sampleDirectory, filesDirectory, timeouts: { connectMs: 2_000, requestMs: 5_000 } },
  );
  return {
    places,
    context,
    async close() {
      silent.close();
      await http.close();
      await snowflake.close();
      await clickhouse.close();
      await bigquery.close();
      await databricks.close();
      await redshift.close();
      for (const [, server] of sources) await server.close();
      for (const [, vendor] of vendors) await vendor.close();
      await context.close();
      rmSync(sampleDirectory, { recursive: true });
      rmSync(filesDirectory, { recursive: true });
    },
  };
}
