import { z } from 'zod';
import { type ChangeClass, changeClasses, type RunCounts } from './change.ts';
import type { Value } from './column.ts';
import { PageInput } from './page.ts';
import type { MappedRow, RequestView } from './sync.ts';
import type { Operation } from './sync-mode.ts';

/** Whoever starts a dry run may name it, to be told how far it is. */
export const DryRunWatch = z.uuid();
export const FollowDryRun = z.strictObject({ watch: DryRunWatch });

/** How far a dry run is. */
export interface DryRunProgress {
  /** `read`: the model is read; `compare`: its rows are compared with what was delivered. */
  stage: 'read' | 'compare';
  /** Rows read so far. */
  rows: number;
}

/** A field of the destination (or, where requests are written as templates, a column of the model) and its changes. */
export interface FieldTotal {
  field: string;
  /** Changed rows whose value for it changes. */
  rows: number;
  /** False: counted by the columns that a template uses, so the rendered value may stay the same in some rows. */
  exact: boolean;
}

/** One field of one row, as mapped. */
export interface FieldChange {
  field: string;
  /** As the destination acknowledged it last; not known for added rows, and where the ledger did not keep it. */
  before: { known: boolean; value: Value };
  /** Not sent where a NULL leaves the field alone, and for removed rows. */
  after: { sent: boolean; value: Value };
  changed: boolean;
}

/** A row of a dry run. */
export interface DryRunRow {
  seq: number;
  key: string;
  class: ChangeClass;
  /** What the destination would be asked to do; `null` = counted, but not sent. */
  operation: Operation | null;
  /** Why the row would be rejected before it is sent. */
  error: string | null;
  fields: FieldChange[];
}

export interface DryRunResult {
  /** Names the plan, which is kept for a day to be paged through. */
  id: string;
  counts: RunCounts;
  /** Up to ten rows a class, with the record that would be sent. */
  samples: Record<ChangeClass, MappedRow[]>;
  /** The same rows by field, old and new. */
  rows: Record<ChangeClass, DryRunRow[]>;
  /** How many changed rows change which field, most frequent first. */
  fields: FieldTotal[];
  /** Changed rows that get another match value: their records under the old value stay as they are. */
  matchValueChanges: number;
  /** Up to three requests as they would be sent. */
  requests: RequestView[];
  invalidKeys: { nulls: number; duplicates: number; examples: string[] };
  /** Whether a guard would stop the run, and which. */
  guard: string | null;
  durationMs: number;
}

/** Rows of a dry run in the order of the plan. */
export const ListDryRunRows = PageInput.extend({
  id: z.uuid(),
  class: z.enum(changeClasses).optional(),
  /** Exact or beginning of the primary key. */
  search: z.string().max(500).optional(),
  /** Only changed rows that change this column-mapped field. */
  field: z.string().max(200).optional(),
});
