import { expect, test } from 'vitest';
import { resyncOf } from './resync-of.ts';

const events = { mode: 'event', firstRun: 'skip' } as const;

test('events may skip their first result, once', () => {
  expect(resyncOf('none', 'none', events, null)).toBe('reset');
  expect(resyncOf('none', 'none', events, 'ledger/1')).toBe('none');
  expect(resyncOf('none', 'none', { ...events, firstRun: 'send' }, null)).toBe('none');
});

test('only modes that leave the choice skip anything', () => {
  expect(resyncOf('none', 'none', { mode: 'upsert', firstRun: 'skip' }, null)).toBe('none');
});

test('a target that is written anew gets the whole model each time', () => {
  expect(resyncOf('none', 'none', { mode: 'all', firstRun: 'send' }, 'ledger/1')).toBe('full');
});

test('what somebody asked for wins, then what is pending', () => {
  expect(resyncOf('full', 'reset', events, null)).toBe('full');
  expect(resyncOf('none', 'full', events, null)).toBe('full');
});
