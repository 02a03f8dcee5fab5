import { z } from 'zod';

/**
 * What is kept for a set time, and for how many days unless a workspace says otherwise. What a destination is known to
 * hold (the current ledger), resources and the audit log are kept for ever.
 */
export const retentionParts = {
  planDays: {
    label: 'Rows and requests',
    help: 'What each run meant to send, row by row, and the requests and answers. Needed to look at rows, replay and revert.',
    days: 30,
  },
  resultDays: {
    label: 'Row results',
    help: 'Which rows were rejected or are in doubt, and why. Rows and requests go with them at the latest.',
    days: 30,
  },
  ledgerDays: {
    label: 'Earlier ledgers',
    help: 'What a destination was known to hold before its newest run, twenty times back at most. The current ledger is always kept.',
    days: 30,
  },
  logDays: {
    label: 'Logs',
    help: 'Log lines of runs, missed schedules, and deliveries of webhooks.',
    days: 30,
  },
  runDays: {
    label: 'Runs',
    help: 'Runs and sequence runs with their counts. A run goes with all that belongs to it; the newest of a sync stays.',
    days: 365,
  },
} as const;
export type RetentionPart = keyof typeof retentionParts;
export const retentionPartNames = Object.keys(retentionParts) as RetentionPart[];

const days = z
  .number({ error: 'Write a number of days.' })
  .int('Write whole days.')
  .min(1, 'Keep it for a day at least.')
  .max(3_650, 'Ten years (3,650 days) at most.');

/** Days, by what is kept. */
export const Retention = z
  .strictObject({ planDays: days, resultDays: days, ledgerDays: days, logDays: days, runDays: days })
  .superRefine((retention, context) => {
    for (const part of ['planDays', 'resultDays', 'logDays'] as const) {
      if (retention[part] <= retention.runDays) continue;
      context.addIssue({
        code: 'custom',
        path: [part],
        message: `Runs go after ${retention.runDays} days, with all that belongs to them.`,
      });
    }
  });
export type Retention = z.infer<typeof Retention>;
