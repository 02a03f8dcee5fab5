import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { findOptionProblems } from '../../kit/object-options.ts';
import type { Configuration } from '../../kit/source.ts';
import { checkRedis } from './check.ts';
import { readRedisSettings } from './configuration.ts';
import { connectRedis } from './connect.ts';
import { createWriter } from './create-writer.ts';
import { redisObjects } from './objects.ts';

/** A use of a Redis database; connects with the first batch. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readRedisSettings(configuration);
  const find = (id: string) => redisObjects.find((object) => object.id === id) ?? null;
  return {
    check: () => checkRedis(settings(), context),
    listObjects: async () => redisObjects.map(({ id, label, modes }) => ({ id, label, modes })),
    async describeObject(id) {
      const object = find(id);
      if (!object) throw new SluiceError('destination_object_missing', `Redis has no object "${id}".`);
      return object;
    },
    async validate(sync) {
      const object = find(sync.object);
      if (!object) return { object: `Redis has no object "${sync.object}".` };
      const ttl = sync.options.ttlSeconds ?? '';
      const wholeSeconds = ttl === '' || (Number.isInteger(Number(ttl)) && Number(ttl) > 0);
      const problems = findOptionProblems(object.options ?? [], sync);
      return wholeSeconds
        ? problems
        : { ...problems, 'options.ttlSeconds': 'Enter a whole number of seconds, at least 1.' };
    },
    columnsUsed: () => [],
    columnsNamed: () => [],
    columnsForRemoval: () => [],
    writer: async (sync) => createWriter(settings(), () => connectRedis(settings(), context), sync),
    close: () => Promise.resolve(),
  };
}
