import { z } from 'zod';
import type { ChangeClass } from './change.ts';
import type { Row } from './column.ts';
import { Id } from './id.ts';
import { PageInput } from './page.ts';

/** What a sync does with rows whose answer was lost. */
export const doubtPolicies = {
  send_again: {
    label: 'Send again',
    effect:
      'The next run sends the row once more. Right wherever a repeat changes nothing, because records are found by a match key.',
  },
  hold: {
    label: 'Hold for a person',
    effect:
      'The row is planned and counted, but not sent until somebody says whether it arrived. For destinations that cannot tell a repeat: a chat message, a plain webhook.',
  },
} as const;
export type DoubtPolicy = keyof typeof doubtPolicies;
export const doubtPolicyIds = Object.keys(doubtPolicies) as [DoubtPolicy, ...DoubtPolicy[]];

export const ListDoubts = PageInput.extend({
  /** The sync. */
  id: Id,
  /** Beginning of the primary key. */
  search: z.string().max(500).optional(),
});

/** A row of which nobody knows whether it arrived. */
export interface DoubtRow {
  key: string;
  /** What was tried: the class of the row when its answer was lost. */
  class: ChangeClass;
  /** Values that may have arrived. */
  row: Row;
}

export interface DoubtPage {
  items: DoubtRow[];
  nextCursor: string | null;
  /** Rows in doubt, all pages and whatever was searched for. */
  total: number;
}

/**
 * A person's word on rows in doubt: `arrived` = take them for delivered as they were sent; `send_again` = send the
 * same values once more, now, as a run.
 */
export const DecideDoubts = z.strictObject({
  /** The sync. */
  id: Id,
  decision: z.enum(['arrived', 'send_again']),
  /** `null` = all rows in doubt. */
  keys: z.array(z.string().max(10_000)).min(1, 'Choose a row.').max(10_000).nullable(),
});
