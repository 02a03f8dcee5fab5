import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';

export interface MariadbServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/**
 * A MariaDB or MySQL server for tests (`TEST_MYSQL_URL`, otherwise root at 127.0.0.1:3306); `null` when none answers, which is
 * the ordinary case on a bare machine. With `CI=true` its absence is an error instead.
 */
export async function findMariadb(): Promise<MariadbServer | null> {
  const url = new URL(process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306');
  const server = {
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
  try {
    await runOnMariadb(server, ['SELECT 1']);
    return server;
  } catch {
    if (process.env.CI === 'true') {
      throw new Error(`In CI a MariaDB must answer at ${server.host}:${server.port}, and none does.`);
    }
    return null;
  }
}

/** Runs statements one after the other, as the server's administrator. */
export async function runOnMariadb(
  server: MariadbServer,
  statements: readonly string[],
  database?: string,
): Promise<Record<string, unknown>[]> {
  const connection = await createConnection({
    ...server,
    ...(database && { database }),
    connectTimeout: 2_000,
  });
  try {
    let rows: unknown = [];
    for (const statement of statements) [rows] = await connection.query(statement);
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
  } finally {
    connection.destroy();
  }
}

/** A new empty database, and how to drop it. */
export async function createMariadbDatabase(
  server: MariadbServer,
): Promise<{ name: string; drop(): Promise<void> }> {
  const name = `sluice_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  await runOnMariadb(server, [`CREATE DATABASE ${name} CHARACTER SET utf8mb4`]);
  return {
    name,
    async drop() {
      await runOnMariadb(server, [`DROP DATABASE IF EXISTS ${name}`]);
    },
  };
}
