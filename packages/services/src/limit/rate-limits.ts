/**
 * What may be done how often. `points` uses per `seconds`, counted per key; `atOnce` bounds work in progress.
 * Counted before the work, so failing fast costs a use too.
 */
export const limitRules = {
  /** Wrong or right passwords, per account and address. */
  signIn: { points: 10, seconds: 900, atOnce: null },
  /** Sign-ins of any account from one address. */
  signInAddress: { points: 50, seconds: 900, atOnce: null },
  /** Passwords of one account from anywhere: bounds guessing by somebody who invents addresses. */
  signInAccount: { points: 300, seconds: 900, atOnce: null },
  /** New accounts and password changes, per address or person. */
  account: { points: 20, seconds: 900, atOnce: null },
  /** Requests of one API token. */
  api: { points: 1_000, seconds: 10, atOnce: null },
  /** Requests with a wrong token, per address. */
  apiUnauthenticated: { points: 300, seconds: 60, atOnce: null },
  /** Connection checks of a workspace. */
  check: { points: 30, seconds: 60, atOnce: 3 },
  /** Queries of previews, key inspections, dry runs and test rows of a workspace. */
  preview: { points: 60, seconds: 60, atOnce: 3 },
  /** Estimates while a query is written: nothing runs at the source. */
  estimate: { points: 240, seconds: 60, atOnce: 6 },
} as const satisfies Record<string, { points: number; seconds: number; atOnce: number | null }>;

export type LimitRule = keyof typeof limitRules;

export interface LimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

export interface RateLimits {
  /** Counts one use. Throws `rate_limited` with `retryAfterMs` when the rule is used up; never fails open. */
  take(rule: LimitRule, key: string | number): Promise<LimitState>;
  /** Forgets the uses of a key, for instance after a right password. */
  reset(rule: LimitRule, key: string | number): Promise<void>;
  /** Counts one use and runs the work, at most `atOnce` of them at a time in this process; `rate_limited` beyond. */
  run<Result>(rule: LimitRule, key: string | number, work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
