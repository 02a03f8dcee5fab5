import type { CheckResult } from '@sluice/domain/connector';
import type { Redis } from 'ioredis';
import { type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { RedisSettings } from './configuration.ts';
import { connectRedis } from './connect.ts';
import { redisError } from './error.ts';

export const redisCheckNames: CheckNames = [
  { name: 'sign_in', label: 'Reach the server and sign in' },
  { name: 'write', label: 'Write and remove a key' },
];

/** Yields the results of `redisCheckNames` in order. */
export async function* checkRedis(
  settings: RedisSettings,
  context: ConnectContext,
): AsyncGenerator<CheckResult> {
  let client: Redis | null = null;
  const steps = {
    sign_in: async () => {
      client = await connectRedis(settings, context);
      const version = /redis_version:(\S+)/.exec(await client.info('server').catch(() => ''))?.[1];
      const encrypted = settings.sslMode === 'disable' ? ', not encrypted' : ', encrypted';
      return {
        status: 'passed' as const,
        message: `Signed in${version === undefined ? '' : ` to Redis ${version}`}, database ${settings.database}${encrypted}.`,
      };
    },
    write: async () => {
      try {
        await client?.set('sluice:connection-test', '1', 'EX', 10);
        await client?.del('sluice:connection-test');
      } catch (thrown) {
        throw redisError(thrown, settings);
      }
      return { status: 'passed' as const, message: 'A key was written and removed again.' };
    },
  };
  try {
    yield* runChecks(redisCheckNames, steps, context.signal);
  } finally {
    (client as Redis | null)?.disconnect();
  }
}
