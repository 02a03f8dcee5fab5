import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { trustTestAuthority } from '@sluice/testing/certificates';
import { createMariadbDatabase, findMariadb, runOnMariadb } from '@sluice/testing/mariadb';
import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import { startBigQueryServer } from '@sluice/testing/warehouses/bigquery/server';
import { startClickHouseServer } from '@sluice/testing/warehouses/clickhouse/server';
import { startDatabricksServer } from '@sluice/testing/warehouses/databricks/server';
import { openDuckDatabase } from '@sluice/testing/warehouses/duck-database';
import { startRedshiftStandIn } from '@sluice/testing/warehouses/redshift/stand-in';
import { startSnowflakeServer } from '@sluice/testing/warehouses/snowflake/server';

/** Whose SQL makes the tables of a source. */
export type SourceSpeaks = 'duckdb' | 'clickhouse' | 'postgresql' | 'mariadb' | 'sqlite';

/** A source of a customer, at the real thing or at a server that speaks its vendor's protocol. */
export interface CustomerSource {
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly speaks: SourceSpeaks;
  /** Makes and changes tables, where the source reads them. */
  run(statements: readonly string[]): Promise<void>;
}

export interface CustomerSources {
  /** By type. MySQL is missing where no server of it runs; PostgreSQL is the customer's own (`open-test-world.ts`). */
  readonly byType: ReadonlyMap<string, CustomerSource>;
  /** For `EGRESS_ALLOW`. */
  readonly allow: readonly string[];
  /** For `FILES_DIRECTORY`. */
  readonly filesDirectory: string;
  close(): Promise<void>;
}

/** Starts a server for every kind of source whose rows can be changed. */
export async function openCustomerSources(): Promise<CustomerSources> {
  trustTestAuthority();
  const closing: (() => Promise<unknown>)[] = [];
  const ports: number[] = [];
  const started = async <Server extends { readonly port: number; close(): Promise<void> }>(
    starting: Promise<Server>,
  ): Promise<Server> => {
    const server = await starting;
    ports.push(server.port);
    closing.push(() => server.close());
    return server;
  };
  const inTurn =
    (run: (sql: string) => Promise<unknown>): CustomerSource['run'] =>
    async (statements) => {
      for (const statement of statements) await run(statement);
    };

  const snowflake = await started(
    startSnowflakeServer({ account: 'acme-test', users: [{ name: 'READER', token: 'the token' }] }),
  );
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const email = 'reader@acme-analytics.iam.gserviceaccount.com';
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const bigquery = await started(
    startBigQueryServer({ project: 'acme-analytics', user: { email, publicKey, token: 'the token' } }),
  );
  const databricks = await started(
    startDatabricksServer({
      warehouse: 'abc123',
      principal: { id: 'reader', secret: 'the secret', token: 'the token' },
    }),
  );
  ports.push(databricks.storagePort);
  const clickhouse = await started(startClickHouseServer({ user: 'reader', password: 'right' }));

  const redshift = await createEmptyDatabase();
  const standIn = await started(startRedshiftStandIn((await testCluster()).port, redshift.name));

  const filesDirectory = mkdtempSync(join(tmpdir(), 'sluice-customer-files-'));
  closing.push(async () => rmSync(filesDirectory, { recursive: true }));
  const writer = await openDuckDatabase();
  closing.push(async () => writer.close());

  const byType = new Map<string, CustomerSource>([
    [
      'snowflake',
      {
        configuration: {
          account: 'acme-test',
          accountUrl: snowflake.url,
          user: 'READER',
          authentication: 'token',
          token: 'the token',
          warehouse: 'WH',
          database: 'memory',
        },
        speaks: 'duckdb',
        run: inTurn(snowflake.run),
      },
    ],
    [
      'bigquery',
      {
        configuration: {
          project: 'acme-analytics',
          authentication: 'service_account',
          serviceAccountKey: JSON.stringify({
            client_email: email,
            private_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
            token_uri: `${bigquery.url}/token`,
          }),
          apiUrl: bigquery.url,
        },
        speaks: 'duckdb',
        run: inTurn(bigquery.run),
      },
    ],
    [
      'databricks',
      {
        configuration: {
          workspaceUrl: databricks.url,
          warehouse: 'abc123',
          authentication: 'token',
          token: 'the token',
          catalog: 'main',
        },
        speaks: 'duckdb',
        run: inTurn(databricks.run),
      },
    ],
    [
      'redshift',
      {
        configuration: {
          host: '127.0.0.1',
          port: standIn.port,
          database: redshift.name,
          user: decodeURIComponent(new URL(redshift.url).username),
          password: decodeURIComponent(new URL(redshift.url).password),
          sslMode: 'disable',
        },
        speaks: 'postgresql',
        run: inTurn((sql) => asOwner(sql, [], redshift.name)),
      },
    ],
    [
      'clickhouse',
      {
        configuration: { url: clickhouse.url, database: 'default', user: 'reader', password: 'right' },
        speaks: 'clickhouse',
        run: inTurn(clickhouse.run),
      },
    ],
    [
      'files',
      {
        configuration: { place: 'directory' },
        speaks: 'duckdb',
        async run(statements) {
          await inTurn(writer.rows)(statements);
          for (const [table] of await writer.rows('SELECT table_name FROM duckdb_tables()'))
            await writer.rows(`COPY "${table}" TO '${join(filesDirectory, `${table}.parquet`)}'`);
        },
      },
    ],
  ]);

  const database = new DatabaseSync(join(filesDirectory, 'people.sqlite'));
  closing.push(async () => database.close());
  byType.set('sqlite', {
    configuration: { place: 'directory' },
    speaks: 'sqlite',
    run: inTurn(async (sql) => database.exec(sql)),
  });

  const mariadb = await findMariadb();
  if (mariadb) {
    const database = await createMariadbDatabase(mariadb);
    closing.push(() => database.drop());
    ports.push(mariadb.port);
    byType.set('mysql', {
      configuration: { ...mariadb, database: database.name, sslMode: 'disable' },
      speaks: 'mariadb',
      run: async (statements) => {
        await runOnMariadb(mariadb, statements, database.name);
      },
    });
  }
  return {
    byType,
    allow: ports.map((port) => `127.0.0.1:${port}`),
    filesDirectory,
    async close() {
      for (const close of closing.toReversed()) await close();
    },
  };
}
