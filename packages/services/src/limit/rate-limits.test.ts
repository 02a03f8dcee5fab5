import { SluiceError } from '@sluice/domain/error';
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
