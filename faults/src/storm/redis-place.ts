import { startTcpProxy } from '@sluice/testing/tcp-proxy';
import { startRedisServer } from '../house/redis-server.ts';
import type { Place } from './place.ts';
import { weatherOf } from './weather.ts';

/** A real Redis behind a proxy. */
export async function openRedisPlace(): Promise<Place> {
  const server = await startRedisServer();
  const proxy = await startTcpProxy({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
  const prefix = 'person:';
  return {
    ...weatherOf(proxy, /\b(set|del)\b/i),
    ports: [proxy.port],
    configuration: { host: '127.0.0.1', port: proxy.port, sslMode: 'disable' },
    sync: {
      object: 'json',
      mode: 'mirror',
      matchKey: { from: 'id', to: 'key' },
      mappings: ['id', 'version', 'name'].map((name) => ({ type: 'column', from: name, to: name })),
      options: { prefix },
    },
    async held() {
      const script = `local all = {} for i, key in ipairs(redis.call('KEYS', '${prefix}*')) do all[key] = redis.call('GET', key) end return cjson.encode(all)`;
      const answer = await server.command('EVAL', script, '0');
      const held = JSON.parse(answer.slice(answer.indexOf('\r\n') + 2)) as Record<string, string>;
      return new Map(Object.entries(held).map(([key, text]) => [key.slice(prefix.length), JSON.parse(text)]));
    },
    taken: () => null,
    async close() {
      await proxy.close();
      await server.remove();
    },
  };
}
