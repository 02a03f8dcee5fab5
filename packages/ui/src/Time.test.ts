import { describe, expect, test } from 'vitest';
import { durationText, relativeTime } from './Time.tsx';

const now = Date.UTC(2026, 10, 22, 12);
const ago = (seconds: number) => relativeTime(new Date(now - seconds * 1000), now);

describe('relativeTime', () => {
  test.each([
    [2, 'now'],
    [-3, 'now'],
    [42, '42 sec. ago'],
    [60, '1 min. ago'],
    [3599, '59 min. ago'],
    [7300, '2 hr. ago'],
    [86_400, 'yesterday'],
    [-7200, 'in 2 hr.'],
  ])('%i seconds ago is %s', (seconds, words) => {
    expect(ago(seconds)).toBe(words);
  });
});

describe('durationText', () => {
  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1240, '1.2 s'],
    [9_960, '10 s'],
    [12_400, '12 s'],
    [59_700, '1 min 0 s'],
    [200_000, '3 min 20 s'],
    [3_599_900, '1 h 0 min'],
    [7_500_000, '2 h 5 min'],
    [90_000_000, '1 d 1 h'],
  ])('%i ms is %s', (milliseconds, words) => {
    expect(durationText(milliseconds)).toBe(words);
  });
});
