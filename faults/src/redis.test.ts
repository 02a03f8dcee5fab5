// Redis only wakes workers up: it may restart, forget everything, fill up or stand still, and no run is lost or doubled.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse, type Pipe } from './house/open-house.ts';
import { canRunRedis, type RedisServer, startRedisServer } from './house/redis-server.ts';
import { expectSettled } from './house/settle.ts';
import { soon } from './house/soon.ts';
import type { WorkerProcess } from './house/worker-process.ts';

describe.runIf(canRunRedis())('with the queue in Redis', () => {
  let redis: RedisServer;
  let house: House;
  let workers: WorkerProcess[];
  beforeAll(async () => {
    redis = await startRedisServer();
    house = await openHouse({ environment: { REDIS_URL: redis.url } });
    workers = await Promise.all([house.worker(), house.worker()]);
  });
  afterAll(async () => {
    await house.close();
    await redis.remove();
  });

  const syncs = 6;

  test.each([
    ['is killed and comes back with its data', () => killFor(0)],
    ['is away for two seconds', () => killFor(2_000)],
    ['forgets everything', () => redis.command('FLUSHALL')],
    ['loses a third of its keys', loseKeys],
    ['stands still for two seconds', () => redis.command('CLIENT', 'PAUSE', '2000', 'ALL')],
    [
      'is full for two seconds',
      async () => {
        await redis.command('CONFIG', 'SET', 'maxmemory', '1');
        await sleep(2_000);
        await redis.command('CONFIG', 'SET', 'maxmemory', '0');
      },
    ],
    [
      'takes no writes for two seconds, as while it fails over',
      async () => {
        await redis.command('REPLICAOF', '127.0.0.1', '9');
        await sleep(2_000);
        await redis.command('REPLICAOF', 'NO', 'ONE');
      },
    ],
  ])('Redis %s while runs wait and go on', async (_, fail) => {
    const pipes = await Promise.all(Array.from({ length: syncs }, () => slowPipe()));
    const running = await Promise.all(pipes.slice(0, syncs / 2).map(({ syncId }) => house.trigger(syncId)));
    await soon('the first requests', () => pipes.some(({ collection }) => collection.book.length > 2));
    const failing = fail();
    // Triggers while it fails are runs in Postgres; nothing but their wake-up can be lost.
    const waiting = await Promise.all(pipes.slice(syncs / 2).map(({ syncId }) => house.trigger(syncId)));
    await failing;
    for (const runId of [...running, ...waiting]) {
      expect(await house.ended(runId)).toMatchObject({ status: 'success', error: null });
    }
    for (const pipe of pipes) {
      expect(pipe.collection.repeated).toBe(0);
      expect(await house.ctx.db.run.count({ where: { syncId: pipe.syncId } })).toBe(1);
    }
    expect(workers.every(({ alive }) => alive)).toBe(true);
    expect(await expectSettled(house, pipes[0] as Pipe)).toHaveLength(1);
  });

  test('a worker that starts while Redis is down works, and says that it is slower than it should be', async () => {
    await redis.kill();
    const worker = await house.worker();
    const pipe = await slowPipe();
    expect((await house.ended(await house.trigger(pipe.syncId))).status).toBe('success');
    const health = await (await fetch(`http://127.0.0.1:${worker.healthPort}/health`)).json();
    expect(health).toMatchObject({ status: 'degraded', queue: { backend: 'redis', reachable: false } });
    await redis.start();
    await soon('the queue', async () => {
      const answer = await fetch(`http://127.0.0.1:${worker.healthPort}/health`);
      return ((await answer.json()) as { status: string }).status === 'ok';
    });
  });

  async function slowPipe(): Promise<Pipe> {
    const pipe = await house.pipe({ rows: 100, batchRows: 10, concurrency: 2 });
    pipe.collection.decide(() => ({ applied: 'all', workMs: 100 }));
    return pipe;
  }

  async function killFor(ms: number): Promise<void> {
    await redis.kill();
    await sleep(ms);
    await redis.start();
  }

  async function loseKeys(): Promise<void> {
    const keys = (await redis.command('KEYS', '*')).split('\r\n').filter((line) => /^[\w-]+:/.test(line));
    for (const [index, key] of keys.entries()) if (index % 3 === 0) await redis.command('DEL', key);
  }
});
