import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { SluiceError } from '@sluice/domain/error';
import { findRedis } from '@sluice/testing/redis';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { createRateLimits } from './create-rate-limits.ts';
import { limitRules } from './rate-limits.ts';

const refusal = async (work: Promise<unknown>): Promise<SluiceError> => {
  const thrown = await work.catch((error: unknown) => error);
  if (thrown instanceof SluiceError) return thrown;
  throw new Error(`expected a refusal, got ${String(thrown)}`);
};

test('counts per key, says how long to wait, and forgets on reset', async () => {
  const limits = createRateLimits();
  const { points, seconds } = limitRules.signIn;
  for (let used = 1; used <= points; used++) {
    expect(await limits.take('signIn', 'a')).toMatchObject({ limit: points, remaining: points - used });
  }
  const refused = await refusal(limits.take('signIn', 'a'));
  expect(refused).toMatchObject({ code: 'rate_limited', status: 429 });
  expect(refused.retryAfterMs).toBeGreaterThan((seconds - 60) * 1000);
  expect(refused.fix).toContain('15 minutes');
  await expect(limits.take('signIn', 'b')).resolves.toBeTruthy();
  await limits.reset('signIn', 'a');
  await expect(limits.take('signIn', 'a')).resolves.toMatchObject({ remaining: points - 1 });
});

test('runs so many at once per key, and frees the place when work fails', async () => {
  const limits = createRateLimits();
  const gates = Array.from({ length: limitRules.preview.atOnce }, () => Promise.withResolvers<void>());
  const running = gates.map(({ promise }) => limits.run('preview', 1, () => promise));
  expect((await refusal(limits.run('preview', 1, async () => 1))).message).toContain('already run');
  expect(await limits.run('preview', 2, async () => 'other workspace')).toBe('other workspace');
  gates[0]?.reject(new Error('query failed'));
  await expect(running[0]).rejects.toThrow('query failed');
  expect(await limits.run('preview', 1, async () => 'free again')).toBe('free again');
  for (const gate of gates.slice(1)) gate.resolve();
  await Promise.all(running.slice(1));
});

test('one count over all processes with Redis, and still a count when it goes away', async ({ skip }) => {
  const url = await findRedis();
  if (!url) return skip('no Redis here');
  const connections = [1, 2].map(
    () => new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 }),
  );
  await Promise.all(connections.map((redis) => once(redis, 'ready')));
  const [one, two] = connections.map(createRateLimits);
  if (!one || !two) throw new Error('two processes');
  const key = randomUUID();
  for (let used = 0; used < limitRules.signIn.points; used += 2) {
    await one.take('signIn', key);
    await two.take('signIn', key);
  }
  expect((await refusal(two.take('signIn', key))).code).toBe('rate_limited');
  for (const redis of connections) redis.disconnect();
  for (let used = 0; used < limitRules.signIn.points; used++) await one.take('signIn', `${key} away`);
  expect((await refusal(one.take('signIn', `${key} away`))).code).toBe('rate_limited');
  await Promise.all([one.close(), two.close()]);
});
