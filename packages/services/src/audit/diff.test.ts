import { expect, test } from 'vitest';
import { diff } from './diff.ts';

test('names what changed, one level into objects, and never shows a secret', () => {
  const before = { name: 'A', configuration: { host: 'a', port: 1, password: 'old' }, tags: {}, list: [1] };
  const after = {
    name: 'A',
    configuration: { host: 'b', port: 1, password: 'new' },
    tags: { x: 'y' },
    list: [1],
  };
  expect(diff(before, after, new Set(['configuration.password']))).toEqual({
    'configuration.host': ['a', 'b'],
    'configuration.password': ['secret', 'changed'],
    'tags.x': [null, 'y'],
  });
});

test('a creation shows every value that was set', () => {
  expect(diff({}, { name: 'A', schedule: null, at: undefined })).toEqual({ name: [null, 'A'] });
});
