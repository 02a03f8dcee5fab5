import { runStatuses, syncStatuses } from '@sluice/domain/run-status';
import { StepPolicy } from '@sluice/domain/sequence';
import { z } from 'zod';

/** Resources as the REST API answers them, as far as the command line reads them. */

const tags = z.record(z.string(), z.string());

export const ApiConnection = z.object({
  id: z.number(),
  name: z.string(),
  slug: z.string(),
  type: z.string(),
  configuration: z.record(z.string(), z.unknown()),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type ApiConnection = z.infer<typeof ApiConnection>;

export const ApiModel = z.object({
  id: z.number(),
  sourceId: z.number(),
  name: z.string(),
  slug: z.string(),
  description: z.string(),
  primaryKey: z.string(),
  queryType: z.enum(['raw_sql', 'table', 'dbt']),
  raw: z.object({ sql: z.string() }).optional(),
  table: z.object({ name: z.string() }).optional(),
  dbt: z.object({ dbtProject: z.string(), dbtUniqueId: z.string() }).optional(),
  tags,
  lastRunSize: z.number().nullable(),
  updatedAt: z.string(),
});
export type ApiModel = z.infer<typeof ApiModel>;

export const ApiSync = z.object({
  id: z.number(),
  modelId: z.number(),
  destinationId: z.number(),
  slug: z.string(),
  status: z.enum(syncStatuses),
  disabled: z.boolean(),
  configuration: z.record(z.string(), z.unknown()),
  schedule: z.record(z.string(), z.unknown()).nullable(),
  referencedColumns: z.array(z.string()),
  primaryKey: z.string(),
  tags,
  lastRunAt: z.string().nullable(),
  updatedAt: z.string(),
});
export type ApiSync = z.infer<typeof ApiSync>;

export const ApiSequence = z.object({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  steps: z.array(z.object({ syncId: z.number(), syncSlug: z.string(), policy: StepPolicy })),
  schedule: z.record(z.string(), z.unknown()).nullable(),
  disabled: z.boolean(),
  nextRunAt: z.string().nullable(),
  updatedAt: z.string(),
});
export type ApiSequence = z.infer<typeof ApiSequence>;

const RowCounts = z.object({ addedCount: z.number(), changedCount: z.number(), removedCount: z.number() });
type RowCounts = z.infer<typeof RowCounts>;

export const ApiRun = z.object({
  id: z.number(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  querySize: z.number(),
  status: z.enum(runStatuses),
  completionRatio: z.number(),
  plannedRows: RowCounts,
  successfulRows: RowCounts,
  failedRows: RowCounts,
  error: z.string().nullable(),
});
export type ApiRun = z.infer<typeof ApiRun>;

/** A run with the sync it belongs to. */
export const ApiSyncRun = ApiRun.extend({ syncId: z.number(), syncSlug: z.string() });
export type ApiSyncRun = z.infer<typeof ApiSyncRun>;

/** Rows of all classes together. */
export const rowsOf = (counts: RowCounts): number =>
  counts.addedCount + counts.changedCount + counts.removedCount;
