import type { AnswerRules } from './options.ts';

/** What a status means: for the rows, or for the whole run (`unauthenticated`, `forbidden`). */
export type AnswerMeaning =
  | 'delivered'
  | 'rejected'
  | 'retry'
  | 'redirected'
  | 'unauthenticated'
  | 'forbidden';

/**
 * Reads a status by the rules of the sync. An exact status wins over a hundred. 401, 403 and redirects mean wrong
 * settings, not wrong rows, unless a rule names them exactly; whatever else nothing names is rejected.
 */
export function meaningOf(status: number, rules: AnswerRules): AnswerMeaning {
  return (
    named(String(status), rules) ??
    settings(status) ??
    named(`${Math.trunc(status / 100)}xx`, rules) ??
    'rejected'
  );
}

function named(pattern: string, rules: AnswerRules): 'delivered' | 'rejected' | 'retry' | null {
  // The safest reading first, should a status stand in several lists.
  if (rules.retry.includes(pattern)) return 'retry';
  if (rules.rejected.includes(pattern)) return 'rejected';
  return rules.delivered.includes(pattern) ? 'delivered' : null;
}

function settings(status: number): AnswerMeaning | null {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  return status >= 300 && status < 400 ? 'redirected' : null;
}
