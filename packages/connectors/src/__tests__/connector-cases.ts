import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { findMariadb, runOnMariadb } from '@sluice/testing/mariadb';
import { findRedis } from '@sluice/testing/redis';
import { realClickHouse } from '@sluice/testing/warehouses/clickhouse/real-server';
import { exampleSourceCase } from '../examples/source/__tests__/source-case.ts';
import type { Configuration } from '../kit/source.ts';
import { bigquerySpeech } from '../sources/bigquery/__tests__/speech.ts';
import { ownSpeech } from '../sources/clickhouse/__tests__/own-speech.ts';
import { clickHouseSpeech } from '../sources/clickhouse/__tests__/speech.ts';
import { databricksSpeech } from '../sources/databricks/__tests__/speech.ts';
import { filesSpeech } from '../sources/files/__tests__/speech.ts';
import { mysqlSpeech } from '../sources/mysql/__tests__/speech.ts';
import { postgresqlSpeech } from '../sources/postgresql/__tests__/speech.ts';
import { redshiftSpeech } from '../sources/redshift/__tests__/speech.ts';
import { sampleSpeech } from '../sources/sample/__tests__/speech.ts';
import { snowflakeSpeech } from '../sources/snowflake/__tests__/speech.ts';
import { sqliteSpeech } from '../sources/sqlite/__tests__/speech.ts';
import type { ApiCase } from './api-case.ts';
import { apiCases } from './api-cases.ts';
import { type ServerCase, serverCases } from './server-cases.ts';
import type { SourceCase } from './source-case.ts';
import { sourceServerCases } from './source-server-cases.ts';
import type { SourceSpeech } from './source-speech.ts';

/** Where the conformance suite finds real servers. */
export interface Places {
  readonly postgres: { port: number; database: string; user: string; password: string };
  readonly http: { url: string };
  /** Speaks the wire protocol of Snowflake's drivers; `READER` signs in with a token. */
  /** Speaks ClickHouse's HTTP interface; `TEST_CLICKHOUSE_URL`: a real one, with the user `reader`. */
  readonly clickhouse: { url: string; port: number; run(sql: string): Promise<unknown> };
  readonly snowflake: { url: string; run(sql: string): Promise<unknown> };
  /** Speaks BigQuery's REST API; `key` is a service account's that may sign in at an address. */
  readonly bigquery: { url: string; run(sql: string): Promise<unknown>; key(url: string): string };
  /** Speaks Databricks' Statement Execution API; a token called `the token` is taken. */
  readonly databricks: { url: string; run(sql: string): Promise<unknown> };
  /** Address of the server of each source that brings one (`source-server-cases.ts`), by slug. */
  readonly sources: Readonly<Record<string, string>>;
  /** A database of PostgreSQL's in the place of Redshift. */
  readonly redshift: Places['postgres'];
  /** Address of the fake of each API destination, by slug. */
  readonly vendors: Readonly<Record<string, string>>;
  /** Takes connections and says nothing. */
  readonly silentPort: number;
  /** Nobody listens here. */
  readonly closedPort: number;
}

/** What the suite has to know of a connector. A connector without a case fails the suite. */
export interface ConnectorCase {
  /** A configuration that works. */
  working(places: Places): Configuration;
  /** The same at a port where nobody listens, or says nothing; `null` where the connector has no network. */
  at(places: Places, port: number): Configuration | null;
  /** The same with wrong credentials; `null` where there are none. */
  wrongCredentials(places: Places): Configuration | null;
  /** Why nothing of it can be asked here: the service that it needs does not run on this machine. */
  readonly absent?: string | undefined;
  /** How a source is asked the questions of `source-conformance.test.ts`. */
  readonly speech?: SourceSpeech;
  /** A sync that adds rows with `id` and `name`, for destinations. */
  readonly sync?: SyncConfigurationInput;
  /** Match value and fields of a row, where they are other than `id` and `name`. */
  readonly record?: ApiCase['record'];
}

const postgresql = (places: Places) => ({ host: '127.0.0.1', sslMode: 'disable', ...places.postgres });

const postgresqlCase: ConnectorCase = {
  working: postgresql,
  at: (places, port) => ({ ...postgresql(places), port }),
  wrongCredentials: (places) => ({ ...postgresql(places), password: 'not the password' }),
};

const mariadb = await findMariadb();
const mysqlCase: ConnectorCase = {
  absent: mariadb ? undefined : 'no MariaDB answers at 127.0.0.1:3306',
  working: () => ({ ...mariadb, database: 'information_schema', sslMode: 'disable' }),
  at: (_places, port) => ({ ...mariadb, database: 'information_schema', sslMode: 'disable', port }),
  wrongCredentials: () => ({
    ...mariadb,
    database: 'information_schema',
    sslMode: 'disable',
    password: 'wrong',
  }),
};

const snowflake = (accountUrl: string, token = 'the token') => ({
  account: 'acme-test',
  accountUrl,
  user: 'READER',
  authentication: 'token',
  token,
  warehouse: 'WH',
  database: 'memory',
});

const databricks = (workspaceUrl: string, token = 'the token') => ({
  workspaceUrl,
  warehouse: 'abc123',
  authentication: 'token',
  token,
  catalog: 'main',
});

const bigquery = (places: Places, apiUrl: string, email?: string) => ({
  project: 'acme-analytics',
  authentication: 'service_account',
  serviceAccountKey: places.bigquery
    .key(apiUrl)
    .replace(/"client_email":"[^"]*"/, (own) => (email ? `"client_email":"${email}"` : own)),
  apiUrl,
});

const clickHouse = (url: string, password = 'right') => ({
  url,
  database: 'default',
  user: 'reader',
  password,
});

const ofServer = (slug: string, one: SourceCase): ConnectorCase => ({
  working: ({ sources }) => one.working(sources[slug] ?? ''),
  at: (_places, port) => one.working(`http://127.0.0.1:${port}`),
  wrongCredentials: ({ sources }) => one.wrongCredentials(sources[slug] ?? ''),
  speech: one.speech,
});

const brought = Object.entries(sourceServerCases).map(([slug, one]) => [slug, ofServer(slug, one)] as const);
/** The example, from which new sources are made; it is in no registry. */
export const exampleCase = ofServer('example', exampleSourceCase);

export const sourceCases: Record<string, ConnectorCase> = {
  ...Object.fromEntries(brought.filter(([slug]) => slug !== 'example')),
  redshift: {
    working: ({ redshift }) => ({ host: '127.0.0.1', sslMode: 'disable', ...redshift }),
    at: ({ redshift }, port) => ({ host: '127.0.0.1', sslMode: 'disable', ...redshift, port }),
    wrongCredentials: ({ redshift }) => ({
      host: '127.0.0.1',
      sslMode: 'disable',
      ...redshift,
      password: 'not the password',
    }),
    speech: {
      ...redshiftSpeech,
      through: ({ redshift }) => ({
        port: redshift.port,
        at: (port) => ({ host: '127.0.0.1', sslMode: 'disable', ...redshift, port }),
      }),
    },
  },
  databricks: {
    working: (places) => databricks(places.databricks.url),
    at: (_places, port) => databricks(`https://127.0.0.1:${port}`),
    wrongCredentials: (places) => databricks(places.databricks.url, 'another token'),
    speech: databricksSpeech,
  },
  bigquery: {
    working: (places) => bigquery(places, places.bigquery.url),
    at: (places, port) => bigquery(places, `https://127.0.0.1:${port}`),
    wrongCredentials: (places) => bigquery(places, places.bigquery.url, 'eve@example.com'),
    speech: bigquerySpeech,
  },
  snowflake: {
    working: (places) => snowflake(places.snowflake.url),
    at: (_places, port) => snowflake(`https://127.0.0.1:${port}`),
    wrongCredentials: (places) => snowflake(places.snowflake.url, 'another token'),
    speech: snowflakeSpeech,
  },
  postgresql: {
    ...postgresqlCase,
    speech: {
      ...postgresqlSpeech,
      through: (places) => ({
        port: places.postgres.port,
        at: (port) => ({ ...postgresql(places), port }),
      }),
    },
  },
  mysql: {
    ...mysqlCase,
    speech: {
      ...mysqlSpeech,
      through: () => ({
        port: mariadb?.port ?? 0,
        at: (port) => ({ ...mariadb, database: 'information_schema', sslMode: 'disable', port }),
      }),
    },
  },
  clickhouse: {
    working: ({ clickhouse }) => clickHouse(clickhouse.url),
    at: (_places, port) => clickHouse(`http://127.0.0.1:${port}`),
    wrongCredentials: ({ clickhouse }) => clickHouse(clickhouse.url, 'wrong'),
    speech: realClickHouse ? ownSpeech : clickHouseSpeech,
  },
  files: {
    working: () => ({ place: 'directory' }),
    at: (_places, port) => ({ place: 'url', urls: `http://127.0.0.1:${port}/people.csv` }),
    wrongCredentials: ({ http }) => ({
      place: 'url',
      urls: `${http.url}/refuse/people.csv`,
      authorization: 'Bearer wrong',
    }),
    speech: filesSpeech,
  },
  sqlite: {
    working: () => ({ place: 'directory' }),
    at: (_places, port) => ({ place: 'url', urls: `http://127.0.0.1:${port}/people.sqlite` }),
    wrongCredentials: ({ http }) => ({
      place: 'url',
      urls: `${http.url}/refuse/people.sqlite`,
      authorization: 'Bearer wrong',
    }),
    speech: sqliteSpeech,
  },
  sample: {
    working: () => ({}),
    at: () => null,
    wrongCredentials: () => null,
    speech: sampleSpeech,
  },
};

const ofApi = (slug: string, one: Omit<ServerCase, 'start'>): ConnectorCase => ({
  working: ({ vendors }) => one.working(vendors[slug] ?? ''),
  at: (_places, port) => one.working(`http://127.0.0.1:${port}`),
  wrongCredentials: ({ vendors }) => one.wrongCredentials(vendors[slug] ?? ''),
  sync: one.sync,
  ...(one.record && { record: one.record }),
});

const redisUrl = await findRedis();
const redis = {
  host: '127.0.0.1',
  port: Number(new URL(redisUrl ?? 'redis://127.0.0.1:6379').port || 6379),
  sslMode: 'disable',
};
const redisCase: ConnectorCase = {
  absent: redisUrl ? undefined : 'no Redis answers at 127.0.0.1:6379',
  working: () => redis,
  at: (_places, port) => ({ ...redis, port }),
  wrongCredentials: () => ({ ...redis, user: 'nobody', password: 'wrong' }),
  sync: {
    object: 'hash',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'key' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
    options: { prefix: 'sluice-conformance:', ttlSeconds: 60 },
  },
};

const mysqlTable = 'sluice_conformance';
if (mariadb) {
  await runOnMariadb(mariadb, [
    'CREATE DATABASE IF NOT EXISTS test',
    `CREATE TABLE IF NOT EXISTS test.${mysqlTable} (id BIGINT PRIMARY KEY, name TEXT)`,
    `DELETE FROM test.${mysqlTable}`,
  ]);
}

export const destinationCases: Record<string, ConnectorCase> = {
  ...Object.fromEntries(
    Object.entries({ ...apiCases, ...serverCases }).map(([slug, one]) => [slug, ofApi(slug, one)]),
  ),
  mysql: {
    ...mysqlCase,
    working: () => ({ ...mariadb, database: 'test', sslMode: 'disable' }),
    sync: {
      object: mysqlTable,
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'name', to: 'name' }],
    },
  },
  redis: redisCase,
  postgresql: {
    ...postgresqlCase,
    sync: {
      object: 'public.conformance',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'name', to: 'name' }],
    },
  },
  'http-request': {
    working: ({ http }) => ({ baseUrl: http.url, headers: [] }),
    at: (_places, port) => ({ baseUrl: `http://127.0.0.1:${port}`, headers: [] }),
    wrongCredentials: ({ http }) => ({
      baseUrl: `${http.url}/refuse`,
      headers: [{ name: 'Authorization', value: 'Bearer wrong-token', secret: true }],
    }),
    sync: {
      object: 'request',
      mode: 'trigger',
      triggers: ['added'],
      options: { added: { url: '/rows' }, batchSize: 10 },
    },
  },
};

/** Ports of services on this machine that the suite may reach. */
export const servicePorts: readonly number[] = [redis.port, ...(mariadb ? [mariadb.port] : [])];
