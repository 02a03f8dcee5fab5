import { asOwner, createEmptyDatabase } from '@sluice/testing/postgres';
import { startTcpProxy } from '@sluice/testing/tcp-proxy';
import type { Place } from './place.ts';
import { weatherOf } from './weather.ts';

/** A table of a real PostgreSQL behind a proxy. It takes each insert of an id once, loudly. */
export async function openPostgresqlPlace(): Promise<Place> {
  const { url, name: database } = await createEmptyDatabase();
  const { hostname, port, username, password } = new URL(url);
  await asOwner(
    'create table person (id int primary key, version int not null, name text not null)',
    [],
    database,
  );
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  return {
    ...weatherOf(proxy, /\bcommit\b/i),
    ports: [proxy.port],
    configuration: {
      ...{ host: '127.0.0.1', port: proxy.port, database, sslMode: 'disable' },
      ...{ user: decodeURIComponent(username), password: decodeURIComponent(password) },
    },
    sync: {
      object: 'public.person',
      mode: 'mirror',
      matchKey: { from: 'id', to: 'id' },
      mappings: ['version', 'name'].map((name) => ({ type: 'column', from: name, to: name })),
    },
    async held() {
      const rows = await asOwner<{ id: string; version: string; name: string }>(
        'select id::text, version::text, name from person',
        [],
        database,
      );
      return new Map(rows.map((row) => [row.id, row]));
    },
    taken: () => null,
    close: () => proxy.close(),
  };
}
