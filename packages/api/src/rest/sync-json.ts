import { z } from '@hono/zod-openapi';
import { SluiceError } from '@sluice/domain/error';
import { syncStatuses } from '@sluice/domain/run-status';
import { Schedule } from '@sluice/domain/schedule';
import { CreateSync, SyncConfiguration, type SyncView } from '@sluice/domain/sync';
import { inputError } from '../input-error.ts';
import { looseBoolean, looseId } from './loose.ts';

export const SyncJson = z
  .object({
    id: z.number().int(),
    workspaceId: z.number().int(),
    destinationId: z.number().int(),
    modelId: z.number().int(),
    slug: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    lastRunAt: z.iso.datetime().nullable(),
    configuration: z.record(z.string(), z.unknown()),
    schedule: z.object({ type: z.string(), schedule: z.record(z.string(), z.unknown()) }).nullable(),
    status: z.enum(syncStatuses),
    disabled: z.boolean(),
    referencedColumns: z.array(z.string()),
    primaryKey: z.string(),
    externalSegment: z.record(z.string(), z.unknown()),
    tags: z.record(z.string(), z.string()),
  })
  .openapi('Sync');

const { slug, tags } = CreateSync.shape;
/** `null` and `{}` both mean: only by hand or by the API. */
const schedule = z.record(z.string(), z.unknown()).nullish();

export const CreateSyncJson = z
  .object({
    slug,
    tags,
    schedule,
    modelId: looseId,
    destinationId: looseId,
    configuration: SyncConfiguration,
    disabled: looseBoolean.default(false),
  })
  .openapi('CreateSync');

export const UpdateSyncJson = z
  .object({
    slug,
    schedule,
    /** Parts that are left out keep their value. */
    configuration: z.record(z.string(), z.unknown()).optional(),
    disabled: looseBoolean.optional(),
    tags: z.record(z.string().max(60), z.string().max(200)).optional(),
  })
  .openapi('UpdateSync');

/** The schedule of a body; `undefined` when it holds none. Throws `input_invalid`. */
export function scheduleOf(given: Record<string, unknown> | null | undefined): Schedule | null | undefined {
  if (given === undefined || given === null) return given;
  if (Object.keys(given).length === 0) return null;
  const parsed = Schedule.safeParse(given);
  if (parsed.success) return parsed.data;
  const { fields } = inputError(parsed.error);
  throw new SluiceError('input_invalid', 'The schedule is not valid.', {
    fields: Object.fromEntries(
      Object.entries(fields ?? {}).map(([path, text]) => [`schedule.${path}`, text]),
    ),
    fix: 'Send null, {"type":"interval","schedule":{"interval":{"unit":"hour","quantity":1}}} or {"type":"cron","schedule":{"expression":"0 6 * * *"}}.',
  });
}

/** The whole configuration after a change of some of its parts. Throws `input_invalid`. */
export function mergedConfiguration(
  current: SyncConfiguration,
  given: Record<string, unknown>,
): SyncConfiguration {
  const parsed = SyncConfiguration.safeParse({ ...current, ...given });
  if (parsed.success) return parsed.data;
  const { message, fields } = inputError(parsed.error);
  throw new SluiceError('input_invalid', message, {
    fields: Object.fromEntries(
      Object.entries(fields ?? {}).map(([path, text]) => [`configuration.${path}`, text]),
    ),
  });
}

/** A sync as the contract names its parts. */
export function syncJson(workspaceId: number, view: SyncView): z.infer<typeof SyncJson> {
  return {
    id: view.id,
    workspaceId,
    destinationId: view.destinationId,
    modelId: view.modelId,
    slug: view.slug,
    createdAt: view.createdAt.toISOString(),
    updatedAt: view.updatedAt.toISOString(),
    lastRunAt: view.lastRunAt?.toISOString() ?? null,
    configuration: view.configuration,
    schedule: view.schedule,
    status: view.status,
    disabled: view.disabled,
    referencedColumns: view.referencedColumns,
    primaryKey: view.primaryKey,
    externalSegment: {},
    tags: view.tags,
  };
}
