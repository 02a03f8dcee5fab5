import { createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import type { Configuration, SourceConnection } from '../../../kit/source.ts';
import { postgresqlSource } from '../definition.ts';

export interface TestSource {
  readonly source: SourceConnection;
  readonly context: TestContext;
  readonly configuration: Configuration;
  readonly database: string;
  /** The same database with other settings or another context. */
  open(configuration?: Configuration, overrides?: Partial<ConnectContext>): SourceConnection;
}

/** A PostgreSQL source on a new empty database, signed in as the owner of the server. */
export async function createTestSource(): Promise<TestSource> {
  const { url, name } = await createEmptyDatabase();
  const { username, password } = new URL(url);
  const { port } = await testCluster();
  const context = createTestContext([port]);
  const configuration = {
    host: '127.0.0.1',
    port,
    database: name,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    sslMode: 'disable',
  };
  const open: TestSource['open'] = (changes = {}, overrides = {}) =>
    postgresqlSource.open({ ...configuration, ...changes }, { ...context, ...overrides });
  return { source: open(), context, configuration, database: name, open };
}
