import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SluiceError } from './error.ts';
import { assertSchedule, nextTimes, Schedule } from './schedule.ts';

const cron = (expression: string, timezone: string): Schedule => ({
  type: 'cron',
  schedule: { expression, timezone },
});
const interval = (quantity: number, unit: 'minute' | 'hour' | 'day' | 'week'): Schedule => ({
  type: 'interval',
  schedule: { interval: { unit, quantity } },
});
const anchor = new Date('2026-01-01T00:00:00Z');
const times = (schedule: Schedule, after: string, count: number) =>
  nextTimes(schedule, { after: new Date(after), anchor, count }).map((time) => time.toISOString());

describe('daylight saving', () => {
  // Each row: schedule, look from, expected times. Offsets are those of the IANA database for these days.
  test.each([
    // 02:30 does not exist on 29 March: fires once, at the first moment after the gap (03:00 +02:00).
    [
      'Europe/Zurich',
      '30 2 * * *',
      '2026-03-27T12:00:00Z',
      ['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
    ],
    // 02:30 happens twice on 25 October: fires once, the first time (+02:00).
    [
      'Europe/Zurich',
      '30 2 * * *',
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    ],
    [
      'America/New_York',
      '30 2 * * *',
      '2026-03-07T12:00:00Z',
      ['2026-03-08T07:00:00.000Z', '2026-03-09T06:30:00.000Z'],
    ],
    [
      'America/New_York',
      '30 1 * * *',
      '2026-10-31T12:00:00Z',
      ['2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z'],
    ],
    // Half an hour of daylight saving: 02:00 to 02:30 is skipped on 4 October, 01:30 to 02:00 repeats on 5 April.
    [
      'Australia/Lord_Howe',
      '15 2 * * *',
      '2026-10-02T20:00:00Z',
      ['2026-10-03T15:30:00.000Z', '2026-10-04T15:15:00.000Z'],
    ],
    [
      'Australia/Lord_Howe',
      '45 1 * * *',
      '2026-04-03T20:00:00Z',
      ['2026-04-04T14:45:00.000Z', '2026-04-05T15:15:00.000Z'],
    ],
    // A zone without daylight saving.
    [
      'Asia/Kolkata',
      '0 9 * * 1',
      '2026-03-27T12:00:00Z',
      ['2026-03-30T03:30:00.000Z', '2026-04-06T03:30:00.000Z'],
    ],
    ['UTC', '0 0 29 2 *', '2026-01-01T00:00:00Z', ['2028-02-29T00:00:00.000Z', '2032-02-29T00:00:00.000Z']],
  ])('%s "%s" after %s', (zone, expression, after, expected) => {
    expect(times(cron(expression, zone), after, expected.length)).toEqual(expected);
  });

  test('a daily time fires exactly once on each local date, in every zone and year', () => {
    const zones = [
      'Europe/Zurich',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Pacific/Auckland',
      'America/Sao_Paulo',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 2024, max: 2030 }),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        (zone, year, hour, minute) => {
          const days = 366;
          const fired = nextTimes(cron(`${minute} ${hour} * * *`, zone), {
            after: new Date(Date.UTC(year, 0, 1)),
            anchor,
            count: days,
          });
          const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
          const dates = fired.map((time) => format.format(time));
          expect(new Set(dates).size).toBe(days);
          expect(fired.every((time, index) => index === 0 || time > (fired[index - 1] as Date))).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('intervals', () => {
  test('are counted from their anchor, however late a run is', () => {
    expect(times(interval(15, 'minute'), '2026-01-01T00:14:59.999Z', 2)).toEqual([
      '2026-01-01T00:15:00.000Z',
      '2026-01-01T00:30:00.000Z',
    ]);
    expect(times(interval(15, 'minute'), '2026-01-01T03:07:00Z', 1)).toEqual(['2026-01-01T03:15:00.000Z']);
  });

  test('the next time is after now, at most one step away, and on the grid of the anchor', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('minute', 'hour', 'day', 'week' as const),
        fc.integer({ min: 1, max: 1000 }),
        fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        (unit, quantity, after) => {
          const [next] = nextTimes(interval(quantity, unit), { after, anchor, count: 1 });
          const stepMs =
            { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 }[unit] * quantity;
          const wait = (next?.getTime() ?? 0) - after.getTime();
          expect(wait).toBeGreaterThan(0);
          expect(wait).toBeLessThanOrEqual(stepMs);
          expect(Math.abs(((next?.getTime() ?? 0) - anchor.getTime()) % stepMs)).toBe(0);
        },
      ),
    );
  });
});

describe('schedules that cannot work are refused with a reason', () => {
  test.each([
    ['0 0 30 2 *', 'UTC', /never fires/],
    ['0 0 * *', 'UTC', /five fields/],
    ['0 0 0 * * *', 'UTC', /five fields/],
    ['61 0 * * *', 'UTC', /not valid/],
    ['0 0 * * *', 'Mars/Olympus', /not a time zone/],
  ])('%s in %s', (expression, zone, message) => {
    expect(() => assertSchedule(cron(expression, zone))).toThrowError(message);
    expect(() => assertSchedule(cron(expression, zone))).toThrowError(SluiceError);
  });

  test('an ordinary one passes, and has UTC as its zone', () => {
    const parsed = Schedule.parse({ type: 'cron', schedule: { expression: '*/5 * * * *' } });
    assertSchedule(parsed);
    expect(parsed.type === 'cron' && parsed.schedule.timezone).toBe('UTC');
  });
});

describe('times on weekdays', () => {
  const visual = (expressions: object[], timezone = 'Europe/Zurich') =>
    Schedule.parse({ type: 'visual', schedule: { expressions, timezone } });

  test('fire on their days, at their time in the zone, in order and once where two coincide', () => {
    const schedule = visual([
      { days: { monday: true, wednesday: true, friday: false }, time: '06:30' },
      { days: { wednesday: true, sunday: true }, time: '06:30' },
      { days: { wednesday: true }, time: '05:00' },
    ]);
    // 1 June 2026 is a Monday.
    expect(times(schedule, '2026-06-01T00:00:00Z', 5)).toEqual([
      '2026-06-01T04:30:00.000Z',
      '2026-06-03T03:00:00.000Z',
      '2026-06-03T04:30:00.000Z',
      '2026-06-07T04:30:00.000Z',
      '2026-06-08T04:30:00.000Z',
    ]);
  });

  test('behave like cron when the clocks change', () => {
    const sundays = visual([{ days: { sunday: true }, time: '02:30' }]);
    const cronSundays = cron('30 2 * * 0', 'Europe/Zurich');
    for (const from of ['2026-03-25T00:00:00Z', '2026-10-22T00:00:00Z']) {
      expect(times(sundays, from, 3)).toEqual(times(cronSundays, from, 3));
    }
  });

  test('count in UTC without a zone, and need a day, a real time and known names', () => {
    expect(
      Schedule.parse({
        type: 'visual',
        schedule: { expressions: [{ days: { monday: true }, time: '23:59' }] },
      }),
    ).toMatchObject({ schedule: { timezone: 'UTC' } });
    expect(() => assertSchedule(visual([{ days: {}, time: '06:30' }]))).toThrow(/06:30 has no day/);
    expect(() => assertSchedule(visual([{ days: { monday: true }, time: '06:30' }], 'Mars/Base'))).toThrow(
      /not a time zone/,
    );
    for (const wrong of [
      { days: { monday: true }, time: '24:00' },
      { days: { monday: true }, time: '6:30' },
      { days: { someday: true }, time: '06:30' },
    ]) {
      const input = { type: 'visual', schedule: { expressions: [wrong] } };
      expect(Schedule.safeParse(input).success).toBe(false);
    }
  });
});
