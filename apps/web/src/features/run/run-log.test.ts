import type { RunEvent } from '@sluice/domain/run';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendEvents, filterEvents } from './run-log.ts';

const event = (id: number, level: RunEvent['level'] = 'info', message = `line ${id}`): RunEvent => ({
  id,
  runId: 1,
  at: new Date(id),
  level,
  stage: 'deliver',
  message,
  details: null,
});

test('whatever order and overlap reconnections bring, each line is there once, oldest first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 20 }), { maxLength: 8 }),
      (parts) => {
        let log: readonly RunEvent[] = [];
        for (const part of parts)
          log = appendEvents(
            log,
            part.map((id) => event(id)),
          );
        const expected = [...new Set(parts.flat())].sort((a, b) => a - b);
        expect(log.map(({ id }) => id)).toEqual(expected);
      },
    ),
  );
});

test('nothing new keeps the same array, so that nothing is drawn again', () => {
  const log = appendEvents([], [event(1), event(2)]);
  expect(appendEvents(log, [event(2)])).toBe(log);
});

test('a level shows itself and worse, and text is searched in any case', () => {
  const log = [event(1), event(2, 'warning', 'Slow answer'), event(3, 'error', 'Refused')];
  expect(filterEvents(log, { level: 'warning', text: '' }).map(({ id }) => id)).toEqual([2, 3]);
  expect(filterEvents(log, { level: 'all', text: 'SLOW' }).map(({ id }) => id)).toEqual([2]);
});
