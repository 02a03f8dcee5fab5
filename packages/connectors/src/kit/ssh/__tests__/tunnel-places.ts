import { createMariadbDatabase, findMariadb, runOnMariadb } from '@sluice/testing/mariadb';
import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import { startClickHouseServer } from '@sluice/testing/warehouses/clickhouse/server';
import { startRedshiftStandIn } from '@sluice/testing/warehouses/redshift/stand-in';
import { clickHouseSource } from '../../../sources/clickhouse/definition.ts';
import { mysqlSource } from '../../../sources/mysql/definition.ts';
import { postgresqlSource } from '../../../sources/postgresql/definition.ts';
import { redshiftSource } from '../../../sources/redshift/definition.ts';
import type { Configuration, SourceDefinition } from '../../source.ts';

/** A real database that only a bastion knows, under a name that nobody else resolves. */
export interface HiddenSource {
  readonly definition: SourceDefinition;
  /** How it is known to the bastion: `db.internal:5432`. */
  readonly name: string;
  /** Where it is in truth, on this machine. */
  readonly port: number;
  readonly configuration: Configuration;
  /** Rows 1 to count of a column `n`. */
  numbers(count: number): string;
  /** Runs for a minute, unless it is stopped. */
  readonly slow: string;
  /** Whether the server is busy with `slow`. */
  isBusy(): Promise<boolean>;
  close(): Promise<void>;
}

export const mariadb = await findMariadb();
/** The sources that can be asked here. */
export const hiddenSources = ['postgresql', 'redshift', 'clickhouse', ...(mariadb ? ['mysql'] : [])] as const;

/** Starts a source behind a name. */
export async function openHiddenSource(slug: string): Promise<HiddenSource> {
  if (slug === 'mysql') return hiddenMysql();
  if (slug === 'clickhouse') return hiddenClickHouse();
  const { port } = await testCluster();
  if (slug !== 'redshift') return hiddenPostgresql(postgresqlSource, async () => ({ port, close: () => {} }));
  return hiddenPostgresql(redshiftSource, (database) => startRedshiftStandIn(port, database));
}

async function hiddenPostgresql(
  definition: SourceDefinition,
  start: (database: string) => Promise<{ port: number; close(): unknown }>,
): Promise<HiddenSource> {
  const { url, name: database } = await createEmptyDatabase();
  const { username, password } = new URL(url);
  const server = await start(database);
  return {
    definition,
    name: 'db.internal:5432',
    port: server.port,
    configuration: {
      ...{ host: 'db.internal', port: 5432, database, sslMode: 'disable' },
      ...{ user: decodeURIComponent(username), password: decodeURIComponent(password) },
    },
    numbers: (count) => `SELECT n FROM generate_series(1, ${count}) AS n`,
    slow: 'SELECT pg_sleep(60)::text AS n',
    // A cursor sleeps in a FETCH, which does not say of what.
    isBusy: async () =>
      (
        await asOwner(`select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = $1`, [
          database,
        ])
      ).length > 0,
    close: async () => {
      await server.close();
    },
  };
}

async function hiddenMysql(): Promise<HiddenSource> {
  if (!mariadb) throw new Error('no MariaDB answers');
  const database = await createMariadbDatabase(mariadb);
  await runOnMariadb(mariadb, ['CREATE TABLE t (id INT PRIMARY KEY)'], database.name);
  return {
    definition: mysqlSource,
    name: 'db.internal:3306',
    port: mariadb.port,
    configuration: {
      ...{ host: 'db.internal', port: 3306, database: database.name, sslMode: 'disable' },
      ...{ user: mariadb.user, password: mariadb.password },
    },
    numbers: (count) => `SELECT seq AS n FROM seq_1_to_${count}`,
    slow: `SELECT SLEEP(60) AS ${database.name}`,
    isBusy: async () =>
      (
        await runOnMariadb(mariadb, [
          `SELECT id FROM information_schema.processlist WHERE info LIKE '%${database.name}%' AND info NOT LIKE '%processlist%'`,
        ])
      ).length > 0,
    close: () => database.drop(),
  };
}

async function hiddenClickHouse(): Promise<HiddenSource> {
  const server = await startClickHouseServer({ user: 'reader', password: 'right' });
  await server.run('CREATE TABLE t (id INTEGER PRIMARY KEY)');
  return {
    definition: clickHouseSource,
    name: 'db.internal:8123',
    port: server.port,
    configuration: {
      ...{ url: 'http://db.internal:8123', database: 'main', user: 'reader', password: 'right' },
    },
    numbers: (count) => `SELECT n FROM generate_series(1, ${count}) AS many(n)`,
    slow: 'SELECT 1 AS hold',
    isBusy: async () => server.held.size > 0,
    close: () => server.close(),
  };
}
