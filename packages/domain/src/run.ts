import { z } from 'zod';
import { type ChangeClass, changeClasses, type RowOutcome, type RunCounts, rowOutcomes } from './change.ts';
import type { ErrorView } from './error.ts';
import { Id } from './id.ts';
import { PageInput } from './page.ts';
import type { RunPace } from './run-pace.ts';
import type { RunKind, SelectionView } from './run-selection.ts';
import { type RunStage, type RunStatus, runStatuses } from './run-status.ts';
import type { Exchange, MappedRow, ResyncKind } from './sync.ts';

/** What started a run. */
export const runTriggers = ['manual', 'schedule', 'api', 'sample', 'sequence'] as const;
export type RunTrigger = (typeof runTriggers)[number];

export interface StageTiming {
  stage: RunStage;
  startedAt: Date;
  /** `null` while the stage goes on. */
  finishedAt: Date | null;
}

export interface RunView {
  id: number;
  syncId: number;
  syncSlug: string;
  modelName: string;
  destinationName: string;
  destinationType: string;
  status: RunStatus;
  kind: RunKind;
  /** The rows it is about; `null` = the whole model. */
  selection: SelectionView | null;
  trigger: RunTrigger;
  triggeredBy: string;
  resync: ResyncKind;
  counts: RunCounts;
  /** 0 to 1. */
  completionRatio: number;
  /** What is going on, in a few words: "Sent 12,000 of 100,000 rows". */
  progress: string | null;
  /** `null` while it is not known. */
  pace: RunPace | null;
  stages: StageTiming[];
  error: ErrorView | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  cancelRequestedAt: Date | null;
}

export const ListRuns = PageInput.extend({
  syncId: Id.optional(),
  status: z.array(z.enum(runStatuses)).optional(),
});

export const logLevels = ['info', 'warning', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A line of a run's log. `id` grows with time over all runs, so a reader resumes after the last one it saw. */
export interface RunEvent {
  id: number;
  runId: number;
  at: Date;
  level: LogLevel;
  stage: RunStage;
  message: string;
  /** Technical detail, shown on demand. Never holds row values or secrets. */
  details: Record<string, unknown> | null;
}

export const ListRunRows = PageInput.extend({
  runId: Id,
  /** Exact or beginning of the primary key. */
  search: z.string().max(500).optional(),
  class: z.enum(changeClasses).optional(),
  outcome: z.enum(rowOutcomes).optional(),
  /** Rejection code and message of a reason group. */
  reason: z.string().max(200).optional(),
});

export interface RunRow {
  /** Position in the plan. */
  seq: number;
  key: string;
  class: ChangeClass;
  outcome: RowOutcome;
  code: string | null;
  message: string | null;
}

export const GetRunRow = z.strictObject({ runId: Id, seq: z.number().int() });

/** Everything about one row of one run, in the order of the journey: model row, record, request, answer. */
export interface RunRowDetail extends RunRow {
  mapped: MappedRow;
  exchanges: Exchange[];
}

/** Rows that were rejected, or that may or may not have arrived, for the same reason. */
export interface RejectionReason {
  outcome: 'rejected' | 'uncertain';
  code: string;
  message: string;
  count: number;
  /** Three keys as examples. */
  examples: string[];
  /** Filter value for `ListRunRows.reason`. */
  reason: string;
}

export type { MappedRow };
