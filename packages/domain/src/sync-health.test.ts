import { expect, test } from 'vitest';
import type { ErrorCode } from './error-code.ts';
import type { RunStatus } from './run-status.ts';
import { isHeld, type JudgedRun, judgeRun, type SyncHealth, type SyncPause } from './sync-health.ts';

const at = (time: string) => new Date(`2026-11-22T${time}:00Z`);
const now = at('12:00');
const minutely = at('12:01');
const well: SyncHealth = { failures: 0, pause: null };

const run = (status: RunStatus, code?: ErrorCode, details?: Record<string, unknown>): JudgedRun => ({
  id: 7,
  status,
  error: code ? { code, message: 'why', fix: 'what to do', details } : null,
  finishedAt: now,
});
const failed = (failures: number): SyncHealth => ({ failures, pause: null });
const paused = (pause: Partial<SyncPause>): SyncHealth => ({
  failures: 2,
  pause: {
    kind: 'waits',
    waitsFor: 'source',
    message: 'why',
    fix: 'what to do',
    code: 'source_auth',
    runId: 6,
    since: at('10:00'),
    until: null,
    ...pause,
  },
});

test.each<[string, SyncHealth, JudgedRun, Date | null, number, Partial<SyncPause> | null]>([
  // Wrong credentials: at once, until something changes.
  [
    'source_auth',
    well,
    run('failed', 'source_auth'),
    minutely,
    1,
    { kind: 'waits', waitsFor: 'source', until: null },
  ],
  [
    'destination_auth',
    well,
    run('failed', 'destination_auth'),
    minutely,
    1,
    { waitsFor: 'destination', until: null },
  ],
  ['mapping_invalid', well, run('failed', 'mapping_invalid'), minutely, 1, { waitsFor: 'sync', until: null }],
  // A table that is missing may be back in a minute: twice later, then not again.
  [
    'query_invalid, first',
    well,
    run('failed', 'query_invalid'),
    at('12:00'),
    1,
    { kind: 'back_off', until: at('12:01') },
  ],
  [
    'query_invalid, third',
    failed(2),
    run('failed', 'query_invalid'),
    minutely,
    3,
    { kind: 'waits', waitsFor: 'model' },
  ],
  // A guard asks a person.
  [
    'run_guard',
    well,
    run('failed', 'run_guard'),
    minutely,
    1,
    { kind: 'waits', waitsFor: 'decision', until: null },
  ],
  // The other side: later and later, six hours at most; not before it holds anything back.
  [
    'destination_failed, second',
    failed(1),
    run('failed', 'destination_failed'),
    minutely,
    2,
    { kind: 'back_off', until: at('12:02') },
  ],
  [
    'destination_failed, fifth',
    failed(4),
    run('failed', 'destination_failed'),
    minutely,
    5,
    { until: at('12:16') },
  ],
  [
    'source_unreachable, 90th',
    failed(89),
    run('failed', 'source_unreachable'),
    minutely,
    90,
    { until: at('18:00') },
  ],
  ['destination_failed, hourly', well, run('failed', 'destination_failed'), at('13:00'), 1, null],
  // Ours: what may pass is tried like theirs, a defect an hour later.
  ['internal', failed(1), run('failed', 'internal'), minutely, 2, { kind: 'back_off', until: at('12:02') }],
  [
    'run_crash_loop',
    well,
    run('failed', 'run_crash_loop'),
    minutely,
    1,
    { kind: 'back_off', until: at('13:00') },
  ],
  ['interrupted', failed(1), run('interrupted'), minutely, 2, { kind: 'back_off', code: 'internal' }],
  // A quota: until the destination said.
  [
    'quota',
    well,
    run('failed', 'destination_failed', { resumeAt: '2026-11-23T00:00:00Z' }),
    minutely,
    1,
    { kind: 'quota', until: new Date('2026-11-23T00:00:00Z') },
  ],
  // Without a schedule there is nothing to hold.
  ['no schedule', well, run('failed', 'source_auth'), null, 1, null],
  // A run that reached its end lifts what failed runs set, and a cancelled one says nothing.
  ['success', paused({}), run('success'), minutely, 0, null],
  ['warning', paused({ kind: 'back_off' }), run('warning'), minutely, 0, null],
  ['cancelled', paused({}), run('cancelled'), minutely, 2, { kind: 'waits', since: at('10:00') }],
  // What a person paused only a person resumes.
  ['success, paused by hand', paused({ kind: 'person' }), run('success'), minutely, 0, { kind: 'person' }],
  [
    'failure, paused by hand',
    paused({ kind: 'person' }),
    run('failed', 'source_auth'),
    minutely,
    3,
    { kind: 'person' },
  ],
  // The same reason began when it first showed; another one begins now.
  ['same reason', paused({}), run('failed', 'source_auth'), minutely, 3, { since: at('10:00'), runId: 7 }],
  [
    'other reason',
    paused({}),
    run('failed', 'destination_auth'),
    minutely,
    3,
    { since: now, waitsFor: 'destination' },
  ],
])('after %s', (_, before, judged, nextRunAt, failures, pause) => {
  const health = judgeRun(before, judged, nextRunAt);
  expect(health.failures).toBe(failures);
  if (pause === null) expect(health.pause).toBeNull();
  else expect(health.pause).toMatchObject(pause);
});

test('holds the schedule until its time, or for as long as it takes', () => {
  const until = (time: Date | null) => paused({ until: time }).pause;
  expect(isHeld(null, now)).toBe(false);
  expect(isHeld(until(null), now)).toBe(true);
  expect(isHeld(until(at('12:01')), now)).toBe(true);
  expect(isHeld(until(now), now)).toBe(false);
});
