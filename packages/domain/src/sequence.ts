import { z } from 'zod';
import type { ErrorView } from './error.ts';
import { Id } from './id.ts';
import type { MissedTimes } from './missed-schedule.ts';
import { Name } from './name.ts';
import { PageInput } from './page.ts';
import type { RunStatus } from './run-status.ts';
import { Schedule } from './schedule.ts';
import { Slug } from './slug.ts';

/** Number of a sequence or of a run of one, as clients of the contract expect it. */
export const Uuid = z.guid('This is not the id of a sequence.');

/** What a step does to the steps after it when its run does not end well. */
export const stepPolicies = ['stop_on_fatal_or_rejections', 'stop_on_fatal', 'continue'] as const;
export type StepPolicyName = (typeof stepPolicies)[number];

export const StepPolicy = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('stop_on_fatal_or_rejections'),
    /** Share of the planned rows that may be rejected, 0 to 1; above it the sequence stops. */
    rejectedShareMax: z
      .number()
      .min(0, 'Write a share from 0 to 1.')
      .max(1, 'Write a share from 0 to 1.')
      .default(0),
  }),
  z.strictObject({ type: z.literal('stop_on_fatal') }),
  z.strictObject({ type: z.literal('continue') }),
]);
export type StepPolicy = z.infer<typeof StepPolicy>;

export const SequenceStepInput = z.strictObject({
  syncId: Id,
  policy: StepPolicy.default({ type: 'stop_on_fatal' }),
});

const steps = z
  .array(SequenceStepInput)
  .min(1, 'Add at least one sync.')
  .max(100, 'A sequence has at most 100 steps.');

export const CreateSequence = z.strictObject({
  name: Name,
  slug: Slug.optional(),
  steps,
  schedule: Schedule.nullable().default(null),
  /** Its schedule rests; it can still be run by hand and by the API. */
  disabled: z.boolean().default(false),
});

export const UpdateSequence = z.strictObject({
  id: Uuid,
  name: Name.optional(),
  slug: Slug.optional(),
  steps: steps.optional(),
  schedule: Schedule.nullish(),
  disabled: z.boolean().optional(),
});

export const SequenceIdInput = z.strictObject({ id: Uuid });

export const ListSequenceRuns = PageInput.extend({ sequenceId: Uuid });

export interface SequenceStepView {
  syncId: number;
  syncSlug: string;
  modelName: string;
  destinationName: string;
  /** A disabled sync cannot run: its step fails. */
  disabled: boolean;
  policy: StepPolicy;
}

export interface SequenceView {
  id: string;
  name: string;
  slug: string;
  steps: SequenceStepView[];
  schedule: Schedule | null;
  /** Its schedule rests; it can still be run by hand and by the API. */
  disabled: boolean;
  nextRunAt: Date | null;
  /** The one that goes on or waits, else the newest. */
  lastRun: SequenceRunView | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Statuses of a sequence run, as the API names them. */
export const sequenceRunStatuses = ['pending', 'running', 'done', 'failed', 'cancelled'] as const;
export type SequenceRunStatus = (typeof sequenceRunStatuses)[number];

/** What started a sequence run. */
export const sequenceTriggers = ['manual', 'schedule', 'api'] as const;
export type SequenceTrigger = (typeof sequenceTriggers)[number];

/** A step of a sequence run, as it was when the run started. */
export interface SequenceRunStepView {
  position: number;
  syncId: number;
  syncSlug: string;
  policy: StepPolicy;
  /** `null` before the step began, and when it could not begin. */
  runId: number | null;
  /** Status of the sync's run; `null` before the step began, when it could not begin, or when its run is gone. */
  status: RunStatus | null;
  /** Rows that the run planned, and those that were rejected. */
  plannedRows: number;
  rejectedRows: number;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Why the step could not begin, or why its run failed. */
  error: ErrorView | null;
}

export interface SequenceRunView {
  id: string;
  sequenceId: string;
  sequenceName: string;
  status: SequenceRunStatus;
  trigger: SequenceTrigger;
  triggeredBy: string;
  /** Scheduled times that started no run of their own; `null` when there are none. */
  missed: MissedTimes | null;
  /** Empty while the run is pending: steps are taken over when it starts. */
  steps: SequenceRunStepView[];
  /** Why it stopped before its last step. */
  error: ErrorView | null;
  cancelRequestedAt: Date | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}
