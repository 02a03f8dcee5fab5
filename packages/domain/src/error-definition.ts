/**
 * Who has to act. It decides back-off and automatic pause of a scheduled sync (`sync-health.ts`): `user` (a setting, a
 * query, a credential), `theirs` (the source or the destination), `ours` (a defect in Sluice).
 */
export type Fault = 'user' | 'theirs' | 'ours';

/** What a sync that fails by a fault of the user waits for: a change of this resource, or a person's decision. */
export const waitSubjects = ['source', 'model', 'destination', 'sync', 'decision'] as const;
export type WaitSubject = (typeof waitSubjects)[number];

export interface Wait {
  readonly for: WaitSubject;
  /**
   * Failures in a row before the schedule stops. More than one where the cause often goes by itself: a table that is
   * rebuilt at night is missing for a minute.
   */
  readonly failures: number;
}

export interface ErrorDefinition {
  /** HTTP status that the API answers with. */
  readonly status: number;
  readonly fault: Fault;
  /** Whether the same request can succeed later without anybody changing anything. */
  readonly retry: boolean;
  /** Why this happens, for the documentation. */
  readonly why: string;
  /** What a person can do about it, shown below the message. */
  readonly fix: string;
  /** Faults of the user that end runs: what the sync waits for. */
  readonly wait?: Wait;
}

/** One row of the table of error codes. */
export const define = (
  status: number,
  fault: Fault,
  retry: boolean,
  why: string,
  fix: string,
  wait?: Wait,
): ErrorDefinition => ({ status, fault, retry, why, fix, ...(wait && { wait }) });

/** Ends the schedule after so many failures in a row, until the subject changes. */
export const waitFor = (subject: WaitSubject, failures: number): Wait => ({ for: subject, failures });
