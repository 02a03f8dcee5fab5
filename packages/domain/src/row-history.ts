import { z } from 'zod';
import type { ChangeClass, RowOutcome } from './change.ts';
import { Id } from './id.ts';
import { PageInput } from './page.ts';
import type { RunKind } from './run-selection.ts';
import type { RunStatus } from './run-status.ts';

/** "What happened to this key?" over all syncs, or one. */
export const ListRowHistory = PageInput.extend({
  key: z.string().min(1, 'Write a primary key.').max(10_000),
  syncId: Id.optional(),
});

/** What one run did with a row. */
export interface RowInRun {
  runId: number;
  syncId: number;
  syncSlug: string;
  modelName: string;
  destinationName: string;
  kind: RunKind;
  /** Status of the run. */
  status: RunStatus;
  /** Position in the plan of the run. */
  seq: number;
  class: ChangeClass;
  outcome: RowOutcome;
  code: string | null;
  message: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}
