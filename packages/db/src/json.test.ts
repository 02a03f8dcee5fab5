import { expect, it } from 'vitest';
import { toJson } from './json.ts';

it('refuses what PostgreSQL cannot hold, wherever it is', () => {
  for (const value of ['a\0b', { list: ['\ud800'] }, { 'a\0': 1 }]) {
    expect(() => toJson(value)).toThrow('cannot be stored');
  }
});

it('takes everything else, escapes in text included', () => {
  const value = { sql: String.raw`select E'\u0000'`, emoji: '👍', at: new Date(0), none: undefined };
  expect(toJson(value)).toEqual({ sql: value.sql, emoji: '👍', at: '1970-01-01T00:00:00.000Z' });
});
