import { z } from 'zod';
import { type ErrorCode, errorCodes, type WaitSubject } from './error-code.ts';
import { Id } from './id.ts';
import type { RunStatus } from './run-status.ts';

/**
 * Why the schedule of a sync holds still. Runs by hand, by the API and by a sequence still start.
 * `back_off`: the other side fails; tried again at `until`, later each time. `quota`: the destination takes nothing
 * more before `until`. `waits`: running again without a change would fail again. `person`: somebody paused it.
 */
export const pauseKinds = ['back_off', 'quota', 'waits', 'person'] as const;
export type PauseKind = (typeof pauseKinds)[number];

export interface SyncPause {
  readonly kind: PauseKind;
  /** What has to change, or who has to decide, for the schedule to go on; `null` where time alone is needed. */
  readonly waitsFor: WaitSubject | null;
  /** Why, in words. */
  readonly message: string;
  /** What a person can do. */
  readonly fix: string;
  readonly code: ErrorCode | null;
  /** The run that showed it. */
  readonly runId: number | null;
  readonly since: Date;
  /** From then on the schedule starts runs again; `null` = not before something changes. */
  readonly until: Date | null;
}

/** Lets a paused schedule go on. With `catchUp`, one run makes up at once for the times it missed. */
export const ResumeSync = z.strictObject({ id: Id, catchUp: z.boolean().default(true) });

export interface SyncHealth {
  /** Failed runs in a row. */
  readonly failures: number;
  readonly pause: SyncPause | null;
}

export interface JudgedRun {
  readonly id: number;
  readonly status: RunStatus;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly fix: string;
    readonly details?: Readonly<Record<string, unknown>> | undefined;
  } | null;
  readonly finishedAt: Date;
}

const minute = 60_000;
const hour = 60 * minute;
/** First wait and longest one. A defect of ours that ended workers is not tried again every few minutes. */
const theirWaits = { first: minute, longest: 6 * hour };
const ourWaits = { first: hour, longest: 24 * hour };

/**
 * The health of a sync after a run. `nextRunAt` is when its schedule fires next; without one there is nothing to hold,
 * and failures are only counted. A run that reached its end lifts every pause but a person's; a cancelled one says nothing.
 */
export function judgeRun(before: SyncHealth, run: JudgedRun, nextRunAt: Date | null): SyncHealth {
  if (run.status === 'cancelled') return before;
  const byPerson = before.pause?.kind === 'person' ? before.pause : null;
  if (run.status === 'success' || run.status === 'warning') return { failures: 0, pause: byPerson };
  const failures = before.failures + 1;
  if (byPerson || nextRunAt === null) return { failures, pause: byPerson };
  const found = pauseAfter(run, failures, nextRunAt);
  return { failures, pause: found && { ...found, since: sinceOf(before.pause, found) } };
}

function pauseAfter(run: JudgedRun, failures: number, nextRunAt: Date): SyncPause | null {
  const code = codeOf(run);
  const { fault, retry, wait, fix } = errorCodes[code];
  const pause = {
    code,
    message: run.error?.message ?? 'The run ended without a result.',
    fix: run.error?.fix ?? fix,
    runId: run.id,
    since: run.finishedAt,
  };
  const resumeAt = timeOf(run.error?.details?.resumeAt);
  if (resumeAt) return { ...pause, kind: 'quota', waitsFor: null, until: resumeAt };
  if (fault === 'user' && failures >= (wait?.failures ?? 1)) {
    return { ...pause, kind: 'waits', waitsFor: wait?.for ?? 'sync', until: null };
  }
  const until = new Date(
    run.finishedAt.getTime() + backOffMs(failures, fault === 'ours' && !retry ? ourWaits : theirWaits),
  );
  // A schedule that fires later anyway is not held back by it.
  return until > nextRunAt ? { ...pause, kind: 'back_off', waitsFor: null, until } : null;
}

/** Milliseconds until the schedule tries again: doubled by each failure in a row. */
function backOffMs(failures: number, waits: { first: number; longest: number }): number {
  return Math.min(waits.longest, waits.first * 2 ** Math.min(failures - 1, 20));
}

/** A pause for the same reason began when the first one did. */
const sinceOf = (before: SyncPause | null, now: SyncPause): Date =>
  before && isSamePause(before, now) ? before.since : now.since;

/** Whether people who know of one pause know of the other: the same reason, however long. */
export const isSamePause = (one: SyncPause | null, other: SyncPause | null): boolean =>
  one?.kind === other?.kind && one?.code === other?.code;

/** Whether the schedule starts nothing at this time. */
export const isHeld = (pause: SyncPause | null, now: Date): boolean =>
  pause !== null && (pause.until === null || pause.until > now);

function codeOf({ error }: JudgedRun): ErrorCode {
  return error && Object.hasOwn(errorCodes, error.code) ? (error.code as ErrorCode) : 'internal';
}

function timeOf(value: unknown): Date | null {
  const time = typeof value === 'string' || value instanceof Date ? new Date(value) : null;
  return time && Number.isFinite(time.getTime()) ? time : null;
}
