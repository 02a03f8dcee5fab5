import type { ApiAnswer } from './api-request.ts';

/**
 * What an answer means.
 * - `answered`: read its body for the fate of each row.
 * - `refused`: the whole request, perhaps because of one of its rows: it is halved until the guilty one stands alone.
 * - `retry`: not applied, and may work later.
 * - `doubtful`: may have been applied before something broke; tried again, and in doubt until an answer says otherwise.
 * - `unauthenticated`, `forbidden`, `missing`: nothing was applied, and no row can be.
 */
export type AnswerMeaning =
  | 'answered'
  | 'refused'
  | 'retry'
  | 'doubtful'
  | 'unauthenticated'
  | 'forbidden'
  | 'missing';

/** What a vendor's body says about a failure. */
export interface VendorFailure {
  /** The vendor's own code, short and stable. */
  readonly code: string;
  readonly message?: string;
}

/** How a vendor's answers are read, as data. */
export interface AnswerRules {
  /** `404`, or `4xx` for a hundred of them; what is left out follows `defaultStatuses`. */
  readonly statuses?: Readonly<Record<string, AnswerMeaning>>;
  /** The failure that a body speaks of, also one inside a 200; `null` when it speaks of none. */
  readonly failureIn?: (answer: ApiAnswer) => VendorFailure | null;
  /** Codes that say more than the status. */
  readonly codes?: Readonly<Record<string, AnswerMeaning>>;
  /** Headers beside `Retry-After` that say when to go on after a refusal for the rate. */
  readonly resetHeaders?: readonly ResetHeader[];
  /** How long a refusal asks to wait, in milliseconds, where it says so in a way of the vendor's own. */
  readonly pauseMs?: (answer: ApiAnswer) => number | undefined;
  /** When a quota that is used up comes back, where the answer says that it is a quota and not the rate. */
  readonly quotaResetsAt?: (answer: ApiAnswer, now: Date) => Date | null;
}

export interface ResetHeader {
  /** In lower case. */
  readonly name: string;
  readonly unit: 'seconds' | 'milliseconds' | 'epoch_seconds' | 'epoch_milliseconds';
}

const defaultStatuses: Readonly<Record<string, AnswerMeaning>> = {
  '2xx': 'answered',
  '401': 'unauthenticated',
  '403': 'forbidden',
  '408': 'retry',
  '425': 'retry',
  '429': 'retry',
  // Said before the work, by whoever stands in front of it.
  '503': 'retry',
  '4xx': 'refused',
  '5xx': 'doubtful',
};

/** Reads an answer by the rules. A code wins over a status, an exact status over a hundred. */
export function readMeaning(
  answer: ApiAnswer,
  rules: AnswerRules,
): { meaning: AnswerMeaning; failure: VendorFailure | null } {
  const failure = rules.failureIn?.(answer) ?? null;
  const byCode = failure && rules.codes?.[failure.code];
  if (byCode) return { meaning: byCode, failure };
  const byStatus = meaningOfStatus(answer.status, rules.statuses ?? {});
  // A 200 that speaks of an unknown failure is one.
  return { meaning: failure && byStatus === 'answered' ? 'refused' : byStatus, failure };
}

function meaningOfStatus(status: number, statuses: Readonly<Record<string, AnswerMeaning>>): AnswerMeaning {
  const exact = String(status);
  const hundred = `${Math.trunc(status / 100)}xx`;
  return (
    statuses[exact] ??
    defaultStatuses[exact] ??
    statuses[hundred] ??
    defaultStatuses[hundred] ??
    // 1xx and 3xx: a wrong base URL, or something between us and the vendor.
    'missing'
  );
}

/** Milliseconds until the time that a reset header names; `undefined` without one. */
export function resetPauseMs(
  headers: Readonly<Record<string, string>>,
  resetHeaders: readonly ResetHeader[],
  now: number,
): number | undefined {
  for (const { name, unit } of resetHeaders) {
    const value = Number(headers[name]);
    if (headers[name] === undefined || !Number.isFinite(value)) continue;
    const inMs = { seconds: value * 1000, milliseconds: value };
    const at = { epoch_seconds: value * 1000, epoch_milliseconds: value };
    const ms = unit in inMs ? inMs[unit as keyof typeof inMs] : at[unit as keyof typeof at] - now;
    return Math.max(0, Math.ceil(ms));
  }
  return undefined;
}
