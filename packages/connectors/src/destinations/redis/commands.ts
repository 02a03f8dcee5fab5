import type { Value } from '@sluice/domain/column';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { DestinationRecord } from '../../kit/destination.ts';
import { RowRejected } from '../../kit/http/route.ts';
import { optionText } from '../../kit/object-options.ts';
import { valueToJson } from '../../kit/value-json.ts';
import { redisObjects } from './objects.ts';

/** Name and arguments: `['HSET', 'user:42', 'name', 'Ada']`. */
export type Command = readonly [name: string, ...parts: string[]];

/**
 * Compiles a sync: what each record becomes. The commands of a record run as one transaction. All of them set what is
 * given and may be repeated. The function throws `RowRejected` for a record that cannot be written.
 */
export function compileCommands(sync: SyncConfiguration): (record: DestinationRecord) => readonly Command[] {
  const fields = redisObjects.find(({ id }) => id === sync.object)?.options ?? [];
  const option = (name: string): string => optionText(fields, sync.options, name);
  const ttl = option('ttlSeconds');
  const living = (key: string): Command[] => (ttl === '' ? [] : [['EXPIRE', key, ttl]]);
  const mapped = sync.mappings.map(({ to }) => to);
  const keyOf = (record: DestinationRecord): string =>
    `${option('prefix')}${textOf(record.matchValue, 'key')}`;

  switch (sync.object) {
    case 'hash':
      return (record) => {
        const key = keyOf(record);
        if (record.operation === 'delete') return [['DEL', key]];
        if (record.operation === 'clear') return mapped.length > 0 ? [['HDEL', key, ...mapped]] : [];
        const kept: [name: string, ...parts: string[]] = ['HSET', key];
        const gone: [name: string, ...parts: string[]] = ['HDEL', key];
        for (const name in record.fields) {
          const value = record.fields[name] ?? null;
          if (value === null) gone.push(name);
          else kept.push(name, cellText(value));
        }
        // Name and key alone say nothing.
        return [...[kept, gone].filter(({ length }) => length > 2), ...living(key)];
      };
    case 'json':
      return (record) => {
        const key = keyOf(record);
        if (record.operation === 'delete') return [['DEL', key]];
        const text = valueToJson(record.fields);
        return [ttl === '' ? ['SET', key, text] : ['SET', key, text, 'EX', ttl]];
      };
    default:
      return (record) => {
        const key = option('setKey');
        const member = textOf(record.matchValue, 'member');
        if (record.operation === 'delete') return [['ZREM', key, member]];
        return [['ZADD', key, scoreOf(record.fields.score ?? null), member], ...living(key)];
      };
  }
}

function textOf(value: Value, what: string): string {
  if (value === null || value === '') throw new RowRejected(`${what}_missing`, `The row has no ${what}.`);
  return cellText(value);
}

/** Hash fields are text: numbers and booleans as they are read, everything else as JSON. */
const cellText = (value: Value): string =>
  typeof value === 'object' && value !== null ? valueToJson(value) : String(value);

function scoreOf(value: Value): string {
  const score = typeof value === 'bigint' ? Number(value) : Number(value ?? Number.NaN);
  if (value === null || value === '' || Number.isNaN(score)) {
    throw new RowRejected('score_invalid', `"${String(value).slice(0, 60)}" is not a number.`);
  }
  if (score === Number.POSITIVE_INFINITY) return '+inf';
  return score === Number.NEGATIVE_INFINITY ? '-inf' : String(score);
}
