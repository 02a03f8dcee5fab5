import { expect, test } from 'vitest';
import { changedValues, chooseRow, correctRow, noChoice, replayOf } from './replay-choice.ts';

const row = { seq: 4, key: 'a' };

test('asks for the chosen rows, and for corrections of those that have any', () => {
  let choice = chooseRow(noChoice, row, true);
  choice = correctRow(choice, { seq: 9, key: 'b', values: { email: 'b@example.com', plan: null } });
  // Choosing a corrected row again keeps its correction.
  choice = chooseRow(choice, { seq: 9, key: 'b' }, true);
  expect(replayOf(12, choice)).toEqual({
    runId: 12,
    rows: { which: 'chosen', seqs: [4, 9] },
    corrections: [{ seq: 9, values: { email: 'b@example.com', plan: null } }],
    ignoreGuards: false,
  });
  expect(replayOf(12, chooseRow(choice, row, false)).rows).toEqual({ which: 'chosen', seqs: [9] });
});

test('a value is corrected when it differs, NULL and the empty text included', () => {
  const before = { id: '1', email: null, name: '' };
  expect(changedValues(before, { id: '1', email: '', name: null })).toEqual({ email: '', name: null });
  expect(changedValues(before, before)).toEqual({});
});
