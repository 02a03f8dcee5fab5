import { createHash } from 'node:crypto';
import { SluiceError } from '@sluice/domain/error';
import type { Redis } from 'ioredis';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { type LimitRule, limitRules, type RateLimits } from './rate-limits.ts';

/**
 * Limits counted in Redis when there is one, so that they hold over all web processes, otherwise in memory. While
 * Redis is away each process counts by itself: a limit is never switched off by an outage.
 */
export function createRateLimits(redis: Redis | null = null): RateLimits {
  const limiters = new Map(
    (Object.keys(limitRules) as LimitRule[]).map((rule) => [rule, createLimiter(rule, redis)] as const),
  );
  const limiterOf = (rule: LimitRule) => limiters.get(rule) ?? createLimiter(rule, redis);
  const busy = new Map<string, number>();

  const take: RateLimits['take'] = async (rule, key) => {
    const limit = limitRules[rule].points;
    try {
      const used = await limiterOf(rule).consume(digestOf(key));
      return { limit, remaining: used.remainingPoints, resetSeconds: Math.ceil(used.msBeforeNext / 1000) };
    } catch (thrown) {
      if (!(thrown instanceof RateLimiterRes)) throw thrown;
      throw refusal(rule, thrown.msBeforeNext);
    }
  };

  return {
    take,
    async reset(rule, key) {
      await limiterOf(rule).delete(digestOf(key));
    },
    async run(rule, key, work) {
      await take(rule, key);
      const slot = `${rule}/${key}`;
      const running = busy.get(slot) ?? 0;
      const { atOnce } = limitRules[rule];
      if (atOnce !== null && running >= atOnce) {
        throw new SluiceError('rate_limited', `${atOnce} of these already run in this workspace.`, {
          fix: 'Wait until one of them has ended.',
          retryAfterMs: 2_000,
        });
      }
      busy.set(slot, running + 1);
      try {
        return await work();
      } finally {
        const left = (busy.get(slot) ?? 1) - 1;
        if (left > 0) busy.set(slot, left);
        else busy.delete(slot);
      }
    },
    async close() {
      await redis?.quit().catch(() => redis.disconnect());
    },
  };
}

function createLimiter(rule: LimitRule, redis: Redis | null): RateLimiterAbstract {
  const { points, seconds } = limitRules[rule];
  const options = { keyPrefix: `sluice-limit-${rule}`, points, duration: seconds };
  const memory = new RateLimiterMemory(options);
  if (!redis) return memory;
  return new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory });
}

function refusal(rule: LimitRule, waitMs: number): SluiceError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  const { points, seconds: window } = limitRules[rule];
  const span = window < 120 ? `${window} seconds` : `${window / 60} minutes`;
  return new SluiceError('rate_limited', `Too many tries: at most ${points} in ${span}.`, {
    fix: `Wait ${wait}, then try again.`,
    retryAfterMs: seconds * 1000,
  });
}

/** Keys hold addresses and e-mails: stores see only a digest. */
function digestOf(key: string | number): string {
  return createHash('sha256').update(String(key)).digest('base64url').slice(0, 32);
}
