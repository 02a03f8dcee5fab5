import { z } from 'zod';
import { Id } from './id.ts';
import { RowFilter } from './row-filter.ts';

/**
 * What a run does: `sync` compares the model with the ledger; `replay` sends rows of an earlier run again; `revert`
 * sends back the values that an earlier run replaced.
 */
export const runKinds = ['sync', 'replay', 'revert'] as const;
export type RunKind = (typeof runKinds)[number];

/** Which rows of a run are replayed. */
export const ReplayRows = z.discriminatedUnion('which', [
  z.strictObject({
    /** Rejected rows and rows in doubt: all of them, or those of some reasons (`RejectionReason.reason`). */
    which: z.literal('failed'),
    reasons: z.array(z.string().max(200)).min(1).max(200).optional(),
  }),
  z.strictObject({
    /** One by one, by their position in the plan. */
    which: z.literal('chosen'),
    seqs: z.array(z.number().int().min(1)).min(1, 'Choose a row.').max(10_000),
  }),
  /** Everything that the run sent, delivered rows as well. */
  z.strictObject({ which: z.literal('sent') }),
]);
export type ReplayRows = z.infer<typeof ReplayRows>;

/** Values that a person corrects before a row is sent again: column of the model → canonical text or NULL. */
export const RowCorrection = z.strictObject({
  seq: z.number().int().min(1),
  values: z
    .record(z.string().min(1).max(200), z.string().max(1_000_000).nullable())
    .refine((values) => Object.keys(values).length > 0, 'Correct a value, or leave the row out.'),
});
export type RowCorrection = z.infer<typeof RowCorrection>;

const PastRows = z.strictObject({
  runId: Id,
  rows: ReplayRows,
  corrections: z.array(RowCorrection).max(1_000).default([]),
});

/**
 * Sends rows of an ended run again, now, with the sync's configuration of today. A row is left alone when something
 * newer is known of its key. A corrected value holds until the source row changes.
 */
export const ReplayRun = PastRows.extend({ ignoreGuards: z.boolean().default(false) });
export type ReplayRun = z.infer<typeof ReplayRun>;

/** What a revert does to rows that the run added: they are removed where the destination can, or left there. */
export const revertAdded = ['delete', 'keep'] as const;

/** Takes back what an ended run delivered: changed rows get their old values, removed ones are made anew. */
export const RevertRun = z.strictObject({
  runId: Id,
  added: z.enum(revertAdded).default('delete'),
  ignoreGuards: z.boolean().default(false),
});
export type RevertRun = z.infer<typeof RevertRun>;

/** The rows that a run is about, where it is not about the whole model. Stored with the run. */
export const RunSelection = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('filter'), filter: RowFilter }),
  PastRows.extend({ type: z.literal('rows') }),
  /** Rows in doubt that are sent again: `null` = all of the sync. */
  z.strictObject({ type: z.literal('doubts'), keys: z.array(z.string()).max(10_000).nullable() }),
  z.strictObject({ type: z.literal('revert'), runId: Id, added: z.enum(revertAdded) }),
]);
export type RunSelection = z.infer<typeof RunSelection>;

/** A selection as everybody may see it: without keys and values. */
export interface SelectionView {
  /** "Rejected rows of run 12, 3 of them corrected". */
  summary: string;
  /** The run that is replayed or reverted. */
  runId: number | null;
}
