import { z } from '@hono/zod-openapi';
import { SluiceError } from '@sluice/domain/error';
import { syncStatuses } from '@sluice/domain/run-status';
import { CreateSync, SyncConfiguration } from '@sluice/domain/sync';
import type { ListedSync } from '@sluice/services/sync/list-sync-page';
import { inputError } from '../input-error.ts';
import { looseBoolean, looseId } from './loose.ts';
import { readOnly } from './read-only.ts';
import { scheduleJson } from './schedule-json.ts';

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
const schedule = z
  .record(z.string(), z.unknown())
  .nullish()
  .describe('null and {} both mean: only by hand or by the API.');
/** `name` and `sourceId` are what some clients send besides; a sync has neither. */
const answered = readOnly(
  'id',
  'workspaceId',
  'name',
  'sourceId',
  'createdAt',
  'updatedAt',
  'lastRunAt',
  'status',
  'referencedColumns',
  'primaryKey',
  'externalSegment',
);

export const CreateSyncJson = z
  .strictObject({
    slug,
    tags,
    schedule,
    modelId: looseId,
    destinationId: looseId,
    configuration: SyncConfiguration,
    disabled: looseBoolean.default(false),
    ...answered,
  })
  .openapi('CreateSync');

export const UpdateSyncJson = z
  .strictObject({
    slug,
    schedule,
    configuration: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Parts that are left out keep their value.'),
    disabled: looseBoolean.optional(),
    tags: z.record(z.string().max(60), z.string().max(200)).optional(),
    modelId: looseId.optional().describe('Cannot be changed.'),
    destinationId: looseId.optional().describe('Cannot be changed.'),
    ...answered,
  })
  .openapi('UpdateSync');

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
export function syncJson(workspaceId: number, view: ListedSync): z.infer<typeof SyncJson> {
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
    schedule: scheduleJson(view.schedule),
    status: view.status,
    disabled: view.disabled,
    referencedColumns: view.referencedColumns,
    primaryKey: view.primaryKey,
    externalSegment: {},
    tags: view.tags,
  };
}
