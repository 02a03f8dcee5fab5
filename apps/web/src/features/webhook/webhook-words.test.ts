import { expect, test } from 'vitest';
import { answerText } from './webhook-words.ts';

test.each([
  [{ attempts: 0, lastStatus: null, lastAnswer: null }, 'Not sent yet'],
  [{ attempts: 1, lastStatus: null, lastAnswer: null }, 'On its way'],
  [{ attempts: 1, lastStatus: 204, lastAnswer: '' }, 'HTTP 204'],
  [{ attempts: 2, lastStatus: 503, lastAnswer: 'down\n for now' }, 'HTTP 503: down for now'],
  [
    { attempts: 2, lastStatus: null, lastAnswer: 'No connection could be made.' },
    'No connection could be made.',
  ],
])('says what became of %o', (delivery, text) => {
  expect(answerText(delivery)).toBe(text);
});
