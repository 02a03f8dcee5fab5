import { randomUUID } from 'node:crypto';
import type { ApiCase } from '@sluice/connectors/__tests__/api-case';
import { apiCases } from '@sluice/connectors/__tests__/api-cases';
import { serverCases } from '@sluice/connectors/__tests__/server-cases';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { startHttpServer } from '@sluice/testing/http-server';
import { startKafkaServer } from '@sluice/testing/kafka/kafka-server';
import { createMariadbDatabase, findMariadb, runOnMariadb } from '@sluice/testing/mariadb';
import { findRedis } from '@sluice/testing/redis';
import { startS3Server } from '@sluice/testing/s3/s3-server';
import { startSftpServer } from '@sluice/testing/sftp/sftp-server';
import { bookId, startGoogleSheets } from '@sluice/testing/vendors/google-sheets/start-google-sheets';
import { Redis } from 'ioredis';
import { startTargetPostgres } from './start-target-postgres.ts';

/** Where people of the sample go to, of whom the destination refuses one. */
export interface SampleDestination {
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly sync: SyncConfigurationInput;
  /** SQL of `id` and `name` of a good row, over the columns of `shop.users`, and of the one that is refused. */
  readonly good: { readonly id: string; readonly name: string };
  readonly bad: { readonly id: string; readonly name: string };
  /** `host:port` for `EGRESS_ALLOW`. */
  readonly allow: string;
  close(): Promise<unknown>;
}

const person = { id: 'lower(email)', name: 'first_name' };
const columns = ['id', 'name'].map((name) => ({ type: 'column' as const, from: name, to: name }));
const byId = (object: string): SyncConfigurationInput => ({
  object,
  mode: 'upsert',
  matchKey: { from: 'id', to: 'id' },
  mappings: columns.slice(1),
});
const literal = (value: unknown): string =>
  value === null || value === undefined ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`;
const loopback = (port: number): string => `127.0.0.1:${port}`;

/** A vendor's fake, with the row that its own case says it refuses. */
const ofApi = async (one: ApiCase): Promise<SampleDestination> => {
  const { poison } = one;
  if (!poison) throw new Error('a vendor that refuses no row needs a case of its own');
  const vendor = await one.start();
  const [mapping] = one.sync.mappings ?? [];
  const name = mapping ? poison.fields[mapping.to] : poison.row?.name;
  return {
    configuration: one.working(vendor.url),
    sync: one.sync,
    good: person,
    bad: { id: literal(poison.match ?? 'nobody'), name: literal(name) },
    allow: loopback(vendor.port),
    close: () => vendor.close(),
  };
};

/** A file refuses only what has no place in its types: a number beyond 64 bits in Parquet. */
const files = {
  sync: { object: 'file', mode: 'insert', mappings: columns, options: { format: 'parquet' } },
  good: { id: 'lower(email)', name: 'id::UBIGINT' },
  bad: { id: 'lower(email)', name: '18446744073709551615::UBIGINT' },
} as const satisfies Partial<SampleDestination>;

const mariadb = await findMariadb();
const redisUrl = await findRedis();
/** Destinations whose service does not run on this machine; with `CI=true` that is an error. */
export const absentDestinations: readonly string[] = [
  ...(mariadb ? [] : ['mysql']),
  ...(redisUrl ? [] : ['redis']),
];

/** Starts the stand-in, or the real thing, of each destination, by its type. */
export const sampleDestinations: Readonly<Record<string, () => Promise<SampleDestination>>> = {
  ...Object.fromEntries(Object.entries(apiCases).map(([type, one]) => [type, () => ofApi(one)])),
  'google-sheets': async () => {
    const one = apiCases['google-sheets'];
    if (!one) throw new Error('google-sheets has no case');
    // Columns are those that the first line names.
    const start: ApiCase['start'] = async () => {
      const vendor = await startGoogleSheets();
      const [sheet] = vendor.state.books.get(bookId)?.sheets ?? [];
      sheet?.cells.push(['id', 'name']);
      return vendor;
    };
    return ofApi({ ...one, start });
  },
  'amazon-s3': async () => {
    const server = await startS3Server();
    const configuration = serverCases['amazon-s3']?.working(server.url) ?? {};
    return { ...files, configuration, allow: loopback(server.port), close: () => server.close() };
  },
  sftp: async () => {
    const server = await startSftpServer();
    const configuration = serverCases.sftp?.working(server.url) ?? {};
    return { ...files, configuration, allow: loopback(server.port), close: () => server.close() };
  },
  kafka: async () => {
    const server = await startKafkaServer({ messageBytesMax: 2_000 });
    return {
      configuration: { brokers: server.url, sslMode: 'disable' },
      sync: { ...byId('people'), matchKey: { from: 'id', to: 'key' } },
      good: person,
      bad: { ...person, name: `repeat('x', 2000)` },
      allow: loopback(server.port),
      close: () => server.close(),
    };
  },
  'http-request': async () => {
    const server = await startHttpServer();
    server.handle(({ body }) =>
      body.includes('nobody') ? { status: 422, body: { error: 'nobody is not a person' } } : { status: 204 },
    );
    return {
      configuration: { baseUrl: server.url, headers: [] },
      sync: {
        object: 'request',
        mode: 'trigger',
        triggers: ['added'],
        options: { added: { method: 'POST', url: '/people' } },
      },
      good: person,
      bad: { ...person, name: `'nobody'` },
      allow: loopback(server.port),
      close: () => server.close(),
    };
  },
  // A server of its own: Sluice connects nobody to the one that holds its own database.
  postgresql: async () => {
    const server = await startTargetPostgres();
    await server.run('create table public.people (id text primary key, name varchar(40))');
    return {
      configuration: server.configuration,
      sync: byId('public.people'),
      good: person,
      bad: { ...person, name: `repeat('x', 41)` },
      allow: server.hostPort,
      close: () => server.stop(),
    };
  },
  mysql: async () => {
    if (!mariadb) throw new Error('no MariaDB');
    const database = await createMariadbDatabase(mariadb);
    const table = 'CREATE TABLE people (id VARCHAR(100) PRIMARY KEY, name VARCHAR(40))';
    await runOnMariadb(mariadb, [table], database.name);
    return {
      configuration: { ...mariadb, database: database.name, sslMode: 'disable' },
      sync: byId('people'),
      good: person,
      bad: { ...person, name: `repeat('x', 41)` },
      allow: `${mariadb.host}:${mariadb.port}`,
      close: () => database.drop(),
    };
  },
  redis: async () => {
    const { hostname, port } = new URL(redisUrl ?? 'redis://127.0.0.1:6379');
    const server = { host: hostname, port: Number(port || 6379) };
    const prefix = `sluice-test:${randomUUID()}:`;
    const client = new Redis(server);
    await client.lpush(`${prefix}list`, 'x');
    return {
      configuration: { ...server, sslMode: 'disable' },
      sync: { ...byId('hash'), matchKey: { from: 'id', to: 'key' }, options: { prefix } },
      good: person,
      bad: { ...person, id: `'list'` },
      allow: `${server.host}:${server.port}`,
      close: async () => {
        const keys = await client.keys(`${prefix}*`);
        await client.del(...keys);
        client.disconnect();
      },
    };
  },
};
