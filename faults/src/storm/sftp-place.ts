import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSftpServer } from '@sluice/testing/sftp/sftp-server';
import { startTcpProxy } from '@sluice/testing/tcp-proxy';
import { changesOf, differences, rowsIn } from './file-rows.ts';
import type { Place } from './place.ts';
import { weatherOf } from './weather.ts';

const operations = [
  'REALPATH',
  'STAT',
  'MKDIR',
  'OPEN',
  'WRITE',
  'CLOSE',
  'RENAME',
  'RENAME',
  'READDIR',
] as const;
const faults = ['failure', 'denied', 'cut_before', 'cut_after', 'silent'] as const;

/** A folder of a server that speaks SSH. Whoever looks into it leaves names alone that begin with a dot. */
export async function openSftpPlace(): Promise<Place> {
  const server = await startSftpServer();
  const proxy = await startTcpProxy({ host: '127.0.0.1', port: server.port });
  const weather = weatherOf(proxy);
  const files = async () => {
    const names = await readdir(join(server.directory, 'people')).catch(() => []);
    const seen = names.filter((name) => !name.startsWith('.')).map((name) => `people/${name}`);
    return new Map(
      await Promise.all(
        seen.map(async (name) => [name, await readFile(join(server.directory, name))] as const),
      ),
    );
  };
  return {
    ports: [proxy.port],
    configuration: {
      ...{ host: '127.0.0.1', port: proxy.port, hostKey: server.fingerprint, directory: '' },
      ...{ user: server.user, password: server.password },
    },
    sync: differences,
    misbehave(chance) {
      if (chance.chance(0.5)) weather.misbehave(chance);
      else server.misbehave(chance.pick(faults), chance.pick(operations));
    },
    clear() {
      weather.clear();
      server.behave();
    },
    cut: weather.cut,
    held: async () => rowsIn(await files()),
    taken: async () => changesOf(await files()),
    async close() {
      await proxy.close();
      await server.close();
    },
  };
}
