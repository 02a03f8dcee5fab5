import { findRedis } from '@sluice/testing/redis';
import { Redis } from 'ioredis';
import { mapped, person } from '../load.ts';
import type { ServerLoad } from './server-load.ts';

/** A real Redis: a hash for each row, in one pipeline for a batch. */
export const redis: ServerLoad = {
  slug: 'redis',
  sync: {
    object: 'hash',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'key' },
    mappings: mapped(person(1)),
    options: { prefix: 'sluice-bench:' },
  },
  batchRows: 1_000,
  batches: 10,
  rows: 200_000,
  lanes: 4,
  record: (number) => ({ match: number, fields: person(number) }),
  async open() {
    const url = await findRedis();
    if (url === null) throw new Error('No Redis answers on this machine.');
    const { hostname: host, port: told } = new URL(url);
    const port = Number(told || 6379);
    const client = new Redis({ host, port });
    const keys = () => client.keys('sluice-bench:*');
    const clear = async (): Promise<void> => {
      const all = await keys();
      if (all.length > 0) await client.unlink(...all);
    };
    return {
      address: { configuration: { host, port, sslMode: 'disable', database: 0 }, host, port },
      clear,
      async holds() {
        const all = (await keys()).sort();
        const some = [...all.slice(0, 5), ...all.slice(-5)];
        const hashes = await Promise.all(some.map((key) => client.hgetall(key)));
        return JSON.stringify([all.length, hashes]);
      },
      async close() {
        await clear();
        client.disconnect();
      },
    };
  },
  async byHand({ host, port }) {
    const client = new Redis({ host, port });
    return async (batch) => {
      const pipeline = client.pipeline();
      for (const { matchValue, fields } of batch) {
        const parts: string[] = [];
        for (const name in fields) parts.push(name, String(fields[name]));
        pipeline.call('HSET', `sluice-bench:${matchValue}`, ...parts);
      }
      const answers = (await pipeline.exec()) ?? [];
      if (answers.some(([error]) => error !== null)) throw new Error('a command was refused');
    };
  },
};
