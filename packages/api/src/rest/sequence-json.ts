import { z } from '@hono/zod-openapi';
import { runStatuses } from '@sluice/domain/run-status';
import {
  CreateSequence,
  type SequenceRunView,
  StepPolicy,
  sequenceRunStatuses,
  sequenceTriggers,
} from '@sluice/domain/sequence';
import type { ListedSequence } from '@sluice/services/sequence/list-sequence-page';
import { looseBoolean, looseId } from './loose.ts';
import { readOnly } from './read-only.ts';
import { scheduleJson } from './schedule-json.ts';

const { name, slug } = CreateSequence.shape;
const time = z.iso.datetime();

export const SequenceJson = z
  .object({
    id: z.guid(),
    workspaceId: z.number().int(),
    name: z.string(),
    slug: z.string(),
    steps: z.array(z.object({ syncId: z.number().int(), syncSlug: z.string(), policy: StepPolicy })),
    schedule: z.object({ type: z.string(), schedule: z.record(z.string(), z.unknown()) }).nullable(),
    disabled: z.boolean().describe('Its schedule rests; it can still be triggered.'),
    nextRunAt: time.nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('SyncSequence');

const schedule = z
  .record(z.string(), z.unknown())
  .nullish()
  .describe('As of a sync. null and {} both mean: only by hand or by the API.');
const answered = readOnly('id', 'workspaceId', 'nextRunAt', 'createdAt', 'updatedAt');
const steps = z
  .array(
    z.strictObject({
      syncId: looseId,
      policy: StepPolicy.default({ type: 'stop_on_fatal' }).describe(
        'What happens to the steps after it: they run whatever happened (continue), unless it ended without a result (stop_on_fatal), or unless too many rows were rejected as well (stop_on_fatal_or_rejections).',
      ),
      ...readOnly('syncSlug'),
    }),
  )
  .min(1, 'Add at least one sync.')
  .max(100, 'A sequence has at most 100 steps.');

export const CreateSequenceJson = z
  .strictObject({ name, slug, steps, schedule, disabled: looseBoolean.default(false), ...answered })
  .openapi('CreateSyncSequence');

export const UpdateSequenceJson = z
  .strictObject({
    name: name.optional(),
    slug,
    steps: steps.optional().describe('Replaces all steps.'),
    schedule,
    disabled: looseBoolean.optional(),
    ...answered,
  })
  .openapi('UpdateSyncSequence');

const StepRunJson = z.object({
  syncId: z.number().int(),
  syncRunId: z.number().int(),
  status: z.enum(runStatuses),
  finishedAt: time.nullable(),
});

/** What clients of the contract read: nothing besides. */
export const SequenceStatusJson = z
  .object({
    id: z.guid(),
    status: z.enum(sequenceRunStatuses),
    syncRuns: z.array(StepRunJson).describe('Of the steps that have begun, in order.'),
  })
  .openapi('SyncSequenceStatus');

export const SequenceRunJson = SequenceStatusJson.extend({
  sequenceId: z.guid(),
  trigger: z.enum(sequenceTriggers),
  triggeredBy: z.string(),
  error: z.string().nullable().describe('Which step stopped it, and why.'),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
}).openapi('SyncSequenceRun');

/** A sequence as the API writes it. */
export function sequenceJson(workspaceId: number, view: ListedSequence): z.infer<typeof SequenceJson> {
  return {
    id: view.id,
    workspaceId,
    name: view.name,
    slug: view.slug,
    steps: view.steps.map(({ syncId, syncSlug, policy }) => ({ syncId, syncSlug, policy })),
    schedule: scheduleJson(view.schedule),
    disabled: view.disabled,
    nextRunAt: view.nextRunAt?.toISOString() ?? null,
    createdAt: view.createdAt.toISOString(),
    updatedAt: view.updatedAt.toISOString(),
  };
}

/** The status of a sequence run in the words of the contract. */
export function sequenceStatusJson(view: SequenceRunView): z.infer<typeof SequenceStatusJson> {
  return {
    id: view.id,
    status: view.status,
    syncRuns: view.steps.flatMap(({ syncId, runId, status, finishedAt }) =>
      runId === null || status === null
        ? []
        : [{ syncId, syncRunId: runId, status, finishedAt: finishedAt?.toISOString() ?? null }],
    ),
  };
}

/** A sequence run with everything that is known about it. */
export function sequenceRunJson(view: SequenceRunView): z.infer<typeof SequenceRunJson> {
  return {
    ...sequenceStatusJson(view),
    sequenceId: view.sequenceId,
    trigger: view.trigger,
    triggeredBy: view.triggeredBy,
    error: view.error?.message ?? null,
    createdAt: view.createdAt.toISOString(),
    startedAt: view.startedAt?.toISOString() ?? null,
    finishedAt: view.finishedAt?.toISOString() ?? null,
  };
}
