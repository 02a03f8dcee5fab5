import { randomUUID } from 'node:crypto';
import { findRedis } from '@sluice/testing/redis';
import { startTcpProxy } from '@sluice/testing/tcp-proxy';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  configurationOf,
  createTestContext,
  deliverOnce,
  recordsOf,
  type TestContext,
} from '../../__tests__/destination-context.ts';
import { redisDestination } from '../definition.ts';

const url = await findRedis();

describe.skipIf(!url)(`Redis${url ? '' : ' (not tested: no Redis answers at 127.0.0.1:6379)'}`, () => {
  const { hostname, port } = new URL(url ?? 'redis://127.0.0.1:6379');
  const server = { host: hostname, port: Number(port || 6379) };
  const space = `sluice-test:${randomUUID()}:`;
  let client: Redis;
  let proxy: Awaited<ReturnType<typeof startTcpProxy>>;
  let context: TestContext;
  beforeAll(async () => {
    client = new Redis(server);
    proxy = await startTcpProxy(server);
    context = createTestContext([server.port, proxy.port]);
  });
  afterAll(async () => {
    const keys = await client.keys(`${space}*`);
    if (keys.length > 0) await client.del(...keys);
    client.disconnect();
    await proxy.close();
    await context.close();
  });
  const connect = (changes: Record<string, unknown> = {}, timeouts = {}) =>
    redisDestination.open(
      { ...server, sslMode: 'disable', database: 0, ...changes },
      { ...context, timeouts: { ...context.timeouts, ...timeouts } },
    );
  const column = (...names: string[]) =>
    names.map((name) => ({ type: 'column' as const, from: name, to: name }));
  const users = (object: 'hash' | 'json', options: Record<string, unknown> = {}) => ({
    object,
    mode: 'upsert' as const,
    matchKey: { from: 'id', to: 'key' },
    mappings: column('name', 'plan'),
    options: { prefix: `${space}${object}:`, ...options },
  });
  const writerOf = (sync: Parameters<typeof configurationOf>[0], changes = {}, timeouts = {}) =>
    connect(changes, timeouts).writer(configurationOf(sync));

  it('keeps hashes: fields are set, NULL removes one, others stay', async () => {
    const writer = await writerOf(users('hash'));
    await client.hset(`${space}hash:1`, 'other', 'stays');
    const row = (fields: Record<string, string | number | bigint | null>) => [{ match: 1, fields }];
    await deliverOnce(writer, recordsOf('upsert', row({ name: 'Ada é🙂', plan: 9_007_199_254_740_993n })));
    expect(await client.hgetall(`${space}hash:1`)).toEqual({
      other: 'stays',
      name: 'Ada é🙂',
      plan: '9007199254740993',
    });
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', row({ name: 'Ada', plan: null })));
    expect(outcomes).toEqual(['delivered']);
    expect(await client.hgetall(`${space}hash:1`)).toEqual({ other: 'stays', name: 'Ada' });
    await deliverOnce(writer, recordsOf('clear', [{ match: 1 }]));
    expect(await client.hgetall(`${space}hash:1`)).toEqual({ other: 'stays' });
    await deliverOnce(writer, recordsOf('delete', [{ match: 1 }]));
    expect(await client.exists(`${space}hash:1`)).toBe(0);
    await writer.close();
  });

  it('keeps JSON documents, with a time to live', async () => {
    const writer = await writerOf(users('json', { ttlSeconds: 600 }));
    await deliverOnce(writer, recordsOf('upsert', [{ match: 'a', fields: { name: 'Ada', plan: null } }]));
    expect(JSON.parse((await client.get(`${space}json:a`)) ?? '')).toEqual({ name: 'Ada', plan: null });
    expect(await client.ttl(`${space}json:a`)).toBeGreaterThan(590);
    await writer.close();
  });

  it('keeps members of a sorted set by their score', async () => {
    const writer = await writerOf({
      object: 'sorted-set',
      mode: 'mirror',
      matchKey: { from: 'id', to: 'member' },
      mappings: column('score'),
      options: { setKey: `${space}board` },
    });
    const rows = [
      { match: 'ada', fields: { score: 2.5 } },
      { match: 'bob', fields: { score: '10' } },
      { match: 'eve', fields: { score: 'many' } },
    ];
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(outcomes).toEqual(['delivered', 'delivered', 'rejected:score_invalid']);
    await deliverOnce(writer, recordsOf('delete', [{ match: 'bob' }]));
    expect(await client.call('ZRANGE', `${space}board`, '0', '-1', 'WITHSCORES')).toEqual([['ada', '2.5']]);
    await writer.close();
  });

  it('rejects the row whose key holds something else, and only that', async () => {
    await client.lpush(`${space}hash:list`, 'x');
    const writer = await writerOf(users('hash'));
    const rows = ['before', 'list', 'after'].map((match) => ({ match, fields: { name: 'n' } }));
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(outcomes).toEqual(['delivered', 'rejected:wrong_type', 'delivered']);
    await writer.close();
  });

  it('is in doubt about a batch whose answer was lost, and goes on with a new connection', async () => {
    const writer = await writerOf(users('hash'), { port: proxy.port });
    const rows = recordsOf('upsert', [{ match: 'doubt', fields: { name: 'n' } }]);
    await deliverOnce(writer, rows);
    proxy.inspect((data) => (data.includes('HSET') || data.includes('hset') ? 'swallow_answer' : 'pass'));
    const { results } = await deliverOnce(writer, rows);
    expect(results).toMatchObject([{ status: 'retry', code: 'connection_lost', inDoubt: true }]);
    proxy.inspect(() => 'pass');
    expect((await deliverOnce(writer, rows)).outcomes).toEqual(['delivered']);
    await writer.close();
  });

  it('gives up a connection on which the server says nothing', async () => {
    const writer = await writerOf(users('hash'), { port: proxy.port }, { requestMs: 300 });
    const rows = recordsOf('upsert', [{ match: 'silent', fields: { name: 'n' } }]);
    let stalled = 0;
    proxy.inspect((data) => {
      if (!/hset/i.test(data.toString()) || stalled > 0) return 'pass';
      stalled += 1;
      return 'stall';
    });
    const { results } = await deliverOnce(writer, rows);
    expect(results).toMatchObject([{ status: 'retry', code: 'connection_lost', inDoubt: true }]);
    expect((await deliverOnce(writer, rows)).outcomes).toEqual(['delivered']);
    proxy.inspect(() => 'pass');
    await writer.close();
  });

  it('writes many rows in one pipeline', async () => {
    const writer = await writerOf(users('json'));
    const rows = Array.from({ length: 1_000 }, (_, index) => ({ match: `m${index}`, fields: { name: 'n' } }));
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(new Set(outcomes)).toEqual(new Set(['delivered']));
    expect(await client.exists(`${space}json:m0`, `${space}json:m999`)).toBe(2);
    await writer.close();
  });

  it('says what is wrong with the options', async () => {
    await expect(
      connect().validate(configurationOf(users('hash', { ttlSeconds: 0.5, colour: 'red' })), []),
    ).resolves.toEqual({
      'options.ttlSeconds': 'Enter a whole number of seconds, at least 1.',
      'options.colour': 'There is no option "colour".',
    });
  });

  it('shows the commands before anything is sent', async () => {
    const writer = await writerOf(users('hash', { prefix: 'user:', ttlSeconds: 60 }));
    const [view] = await writer.preview(
      recordsOf('upsert', [{ match: 7, fields: { name: 'Ada L', plan: null } }]),
    );
    expect(view?.body).toBe('HSET user:7 name "Ada L"\nHDEL user:7 plan\nEXPIRE user:7 60');
    await writer.close();
  });
});
