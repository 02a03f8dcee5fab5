import { describe, expect, it, test } from 'vitest';
import { configurationOf, recordsOf } from '../../destinations/__tests__/destination-context.ts';
import { changeId, changeUlid, changeUuid } from '../change-id.ts';
import { fieldOf, removalColumns } from '../removal-fields.ts';
import { epochMs, epochSeconds, isoTime } from '../time-value.ts';

const record = (fields: Record<string, string>, key = '1') => {
  const [one] = recordsOf('event', [{ match: 'ada', key, fields }]);
  if (!one) throw new Error('no record');
  return one;
};
const run = (id: number) => ({ 'sync-id': 7, 'run-id': id });

describe('the id of a change', () => {
  it('is the same in every run where the values hold their time', () => {
    const of = (runId: number) => changeId(record({ at: '10:00' }), { variables: run(runId), timed: true });
    expect(of(1)).toBe(of(2));
    expect(of(1)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is another one for another run without a time, another key, another value, another sync', () => {
    const ids = [
      changeId(record({ a: '1' }), { variables: run(1), timed: false }),
      changeId(record({ a: '1' }), { variables: run(2), timed: false }),
      changeId(record({ a: '1' }, '2'), { variables: run(1), timed: false }),
      changeId(record({ a: '2' }), { variables: run(1), timed: false }),
      changeId(record({ a: '1' }), { variables: { 'sync-id': 8, 'run-id': 1 }, timed: false }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has the forms that vendors insist on', () => {
    const parts = { variables: run(1), timed: true };
    expect(changeUuid(record({}), parts)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    const ulid = changeUlid(record({}), parts, Date.UTC(2016, 6, 30, 23, 54, 10, 259));
    expect(ulid).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    // The time of the example in the specification of ULIDs.
    expect(ulid.slice(0, 10)).toBe('01ARZ3NDEK');
  });
});

test.each([
  ['2026-11-22', '2026-11-22T00:00:00.000Z'],
  ['2026-11-22 10:00:00', '2026-11-22T10:00:00.000Z'],
  ['2026-11-22T10:00:00.123456Z', '2026-11-22T10:00:00.123Z'],
  ['2026-11-22 10:00:00+01', '2026-11-22T09:00:00.000Z'],
  ['2026-11-22T10:00:00+05:30', '2026-11-22T04:30:00.000Z'],
  [1_795_341_600, '2026-11-22T10:00:00.000Z'],
  [1_795_341_600_000, '2026-11-22T10:00:00.000Z'],
  ['1795341600', '2026-11-22T10:00:00.000Z'],
])('%s is a time', (value, expected) => {
  expect(isoTime(value)).toBe(expected);
});

test.each([null, '', 'yesterday', '22.11.2026', true, Number.NaN, {}, []])('%s is none', (value) => {
  expect([epochMs(value), epochSeconds(value), isoTime(value)]).toEqual([null, null, null]);
});

test('a removed row tells its fields by the columns that were kept', () => {
  const sync = configurationOf({
    object: 'pairs',
    mode: 'segment',
    mappings: [
      { type: 'column', from: 'mail', to: 'from' },
      { type: 'static', value: 'fixed', to: 'to' },
      { type: 'column', from: 'note', to: 'note' },
    ],
  });
  const [removed] = recordsOf('remove', [{ row: { mail: 'ada@example.com' } }]);
  if (!removed) throw new Error('no record');
  expect(['from', 'to', 'note', 'other'].map((name) => fieldOf(removed, sync, name))).toEqual([
    'ada@example.com',
    'fixed',
    null,
    null,
  ]);
  expect(removalColumns(sync, ['from', 'to'])).toEqual(['mail']);
});

test.each([
  ['2026-02-28', '2026-02-28T00:00:00.000Z'],
  ['2026-02-28T23:59:59Z', '2026-02-28T23:59:59.000Z'],
  ['2026-02-28T23:59:59.125Z', '2026-02-28T23:59:59.125Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2026-02-30', '2026-03-02T00:00:00.000Z'],
  ['2026-13-01', null],
  ['2026-01-01T24:30:00Z', null],
  ['2026-01-01T00:60:00Z', null],
])('a time that is nearly in the form already, %s, is read as the calendar reads it', (text, expected) => {
  expect(isoTime(text)).toBe(expected);
});
