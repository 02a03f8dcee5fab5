import { expect, test } from 'vitest';
import { paceWords } from './pace-words.ts';

test.each([
  [null, []],
  [{ rowsPerSecond: 0, leftMs: null }, ['no row in the last seconds']],
  [{ rowsPerSecond: 0.5, leftMs: 4_000 }, ['0.5 rows a second', '4.0 s left']],
  [{ rowsPerSecond: 12_345.6, leftMs: null }, ['12,346 rows a second']],
  [{ rowsPerSecond: 12_345.6, leftMs: 300 }, ['12,346 rows a second', 'almost done']],
  [{ rowsPerSecond: 50, leftMs: 126_400 }, ['50 rows a second', '2 min 10 s left']],
])('says of %o what is known', (pace, words) => {
  expect(paceWords(pace)).toEqual(words);
});
