import { z } from '@hono/zod-openapi';
import { rollouts } from '@sluice/domain/edit-effect';
import { SluiceError } from '@sluice/domain/error';
import { syncStatuses } from '@sluice/domain/run-status';
import { CreateSync, SyncConfiguration } from '@sluice/domain/sync';
import type { ListedSync } from '@sluice/services/sync/list-sync-page';
import { inputError } from '../input-error.ts';
import { answeredConfiguration } from './api-form.ts';
import { looseBoolean, looseId } from './loose.ts';
import { readOnly } from './read-only.ts';
import type { RestEnv } from './rest-env.ts';
import { scheduleJson } from './schedule-json.ts';
import { fromVendorForm } from './vendor-configuration.ts';

export const SyncJson = z
  .object({
    id: z.number().int(),
    workspaceId: z.number().int(),
    destinationId: z.number().int(),
    modelId: z.number().int(),
    slug: z.string(),
    name: z.string().optional().describe('For the Terraform provider that compares it; nobody else gets it.'),
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
const name = z
  .string()
  .max(400)
  .optional()
  .describe('Kept for clients that compare; a sync is known by its slug.');
/** `sourceId` is what some clients send besides. */
const answered = readOnly(
  'id',
  'workspaceId',
  'sourceId',
  'createdAt',
  'updatedAt',
  'lastRunAt',
  'status',
  'referencedColumns',
  'primaryKey',
  'externalSegment',
);

/** For the document alone: `mergedConfiguration` reads it, in the words of other clients too. */
const { properties, required } = z.toJSONSchema(SyncConfiguration, { io: 'input' });

export const CreateSyncJson = z
  .strictObject({
    slug,
    name,
    tags,
    schedule,
    modelId: looseId,
    destinationId: looseId,
    configuration: z
      .record(z.string(), z.unknown())
      .openapi({ properties, required, additionalProperties: false } as object),
    disabled: looseBoolean.default(false),
    ...answered,
  })
  .openapi('CreateSync');

export const UpdateSyncJson = z
  .strictObject({
    slug,
    name,
    schedule,
    configuration: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Parts that are left out keep their value.'),
    rollout: z
      .enum(rollouts)
      .optional()
      .describe('With a configuration: whether rows delivered before are sent again, as /effects offers it.'),
    disabled: looseBoolean.optional(),
    tags: z.record(z.string().max(60), z.string().max(200)).optional(),
    modelId: looseId.optional().describe('Cannot be changed.'),
    destinationId: looseId.optional().describe('Cannot be changed.'),
    ...answered,
  })
  .openapi('UpdateSync');

/** The whole configuration of a new sync, or after a change of some parts of one. Throws `input_invalid`. */
export function mergedConfiguration(
  current: SyncConfiguration | null,
  given: Record<string, unknown>,
): SyncConfiguration {
  const parsed = SyncConfiguration.safeParse({ ...current, ...fromVendorForm(given) });
  if (parsed.success) return parsed.data;
  const { message, fields } = inputError(parsed.error);
  throw new SluiceError('input_invalid', message, {
    fields: Object.fromEntries(
      Object.entries(fields ?? {}).map(([path, text]) => [`configuration.${path}`, text]),
    ),
  });
}

/** A sync as the contract names its parts. */
export function syncJson(
  { actor: { workspaceId }, readsCopies }: Pick<RestEnv['Bindings'], 'actor' | 'readsCopies'>,
  view: ListedSync,
): z.infer<typeof SyncJson> {
  return {
    id: view.id,
    workspaceId,
    destinationId: view.destinationId,
    modelId: view.modelId,
    slug: view.slug,
    ...(readsCopies && { name: view.apiForm.name ?? view.slug }),
    createdAt: view.createdAt.toISOString(),
    updatedAt: view.updatedAt.toISOString(),
    lastRunAt: view.lastRunAt?.toISOString() ?? null,
    configuration: answeredConfiguration(view),
    schedule: scheduleJson(view.schedule),
    status: view.status,
    disabled: view.disabled,
    referencedColumns: view.referencedColumns,
    primaryKey: view.primaryKey,
    externalSegment: {},
    tags: view.tags,
  };
}
