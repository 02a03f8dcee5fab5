import type { DestinationObjectDetail } from '@sluice/domain/connector';
import type { ConfigField } from '@sluice/domain/field';
import { apiField } from '../../kit/http/api-object.ts';

const key = apiField('key', 'Key', 'string', { matchable: true, nativeType: 'key' });

const prefix: ConfigField = {
  name: 'prefix',
  label: 'Key prefix',
  kind: 'text',
  help: 'Written before the value of each row, so that keys of several syncs do not meet.',
  placeholder: 'user:',
  secret: false,
  required: false,
};

const ttl: ConfigField = {
  name: 'ttlSeconds',
  label: 'Time to live, seconds',
  kind: 'number',
  help: 'Keys disappear this long after they were last written. Empty = they stay.',
  placeholder: '86400',
  secret: false,
  required: false,
};

const setKey: ConfigField = {
  name: 'setKey',
  label: 'Key of the set',
  kind: 'text',
  help: 'All rows are members of this one sorted set.',
  placeholder: 'leaderboard',
  secret: false,
  required: true,
};

/** What can be written to a Redis database. */
export const redisObjects: readonly DestinationObjectDetail[] = [
  {
    id: 'hash',
    label: 'Hashes',
    modes: ['upsert', 'mirror'],
    mapping: 'fields',
    deleteBehaviours: ['nothing', 'clear', 'delete'],
    openFields: true,
    fields: [key],
    options: [prefix, ttl],
  },
  {
    id: 'json',
    label: 'JSON documents as strings',
    modes: ['upsert', 'mirror'],
    mapping: 'fields',
    deleteBehaviours: ['nothing', 'delete'],
    openFields: true,
    fields: [key],
    options: [prefix, ttl],
  },
  {
    id: 'sorted-set',
    label: 'Members of a sorted set',
    modes: ['upsert', 'mirror'],
    mapping: 'fields',
    deleteBehaviours: ['nothing', 'delete'],
    fields: [
      apiField('member', 'Member', 'string', { matchable: true, nativeType: 'member' }),
      apiField('score', 'Score', 'number', { required: true }),
    ],
    options: [setKey, ttl],
  },
];
