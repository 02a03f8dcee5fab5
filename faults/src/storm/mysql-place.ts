import { createMariadbDatabase, findMariadb, runOnMariadb } from '@sluice/testing/mariadb';
import { startTcpProxy } from '@sluice/testing/tcp-proxy';
import type { Place } from './place.ts';
import { weatherOf } from './weather.ts';

const server = await findMariadb();
/** Whether a MariaDB or MySQL answers on this machine. */
export const hasMariadb = server !== null;

/** A table of a real MariaDB behind a proxy. It takes each insert of an id once, loudly. */
export async function openMysqlPlace(): Promise<Place> {
  if (!server) throw new Error('no MariaDB');
  const database = await createMariadbDatabase(server);
  const table = 'CREATE TABLE person (id INT PRIMARY KEY, version INT NOT NULL, name TEXT NOT NULL)';
  await runOnMariadb(server, [table], database.name);
  const proxy = await startTcpProxy(server);
  return {
    ...weatherOf(proxy, /\bcommit\b/i),
    ports: [proxy.port],
    configuration: {
      ...{ host: '127.0.0.1', port: proxy.port, database: database.name, sslMode: 'disable' },
      ...{ user: server.user, password: server.password },
    },
    sync: {
      object: 'person',
      mode: 'mirror',
      matchKey: { from: 'id', to: 'id' },
      mappings: ['version', 'name'].map((name) => ({ type: 'column', from: name, to: name })),
    },
    async held() {
      const rows = await runOnMariadb(server, ['SELECT id, version, name FROM person'], database.name);
      return new Map(
        rows.map(({ id, version, name }) => [
          String(id),
          { id: String(id), version: String(version), name: String(name) },
        ]),
      );
    },
    taken: () => null,
    async close() {
      await proxy.close();
      await database.drop();
    },
  };
}
