import { randomUUID } from 'node:crypto';
import { toJson } from '@sluice/db/json';
import type { DryRunResult } from '@sluice/domain/dry-run';
import { ModelQuery } from '@sluice/domain/query';
import { SyncConfiguration } from '@sluice/domain/sync';
import type { DryRun } from '@sluice/engine/look/dry-run';
import type { DraftSpecification } from '@sluice/engine/run';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';

/** What the rows of a kept plan are shown with. */
export const DryRunSpecification = z.object({
  sync: z.object({ id: z.number(), slug: z.string() }).nullable(),
  workspaceId: z.number(),
  model: z.object({ id: z.number(), name: z.string(), query: ModelQuery, primaryKey: z.string() }),
  configuration: SyncConfiguration,
  startedAt: z.coerce.date(),
  ledgerKey: z.string().nullable(),
});

export type DryRunSpecification = z.infer<typeof DryRunSpecification>;

/** Keeps the plan of a dry run for a day, so that its rows can be paged through; answers the result with its id. */
export async function keepDryRun(
  ctx: ServiceContext,
  spec: DraftSpecification,
  { result, plan: { path, ...plan } }: DryRun,
): Promise<DryRunResult> {
  const id = randomUUID();
  const { workspaceId } = spec;
  const blobKey = `dry-runs/${workspaceId}/${id}.parquet`;
  const syncId = spec.sync?.id ?? null;
  // First the row: a file without one would never be found again.
  await ctx.db.dryRun.create({
    data: { id, workspaceId, syncId, specification: toJson(spec), plan: toJson({ ...plan, blobKey }) },
  });
  await ctx.blobs.put(blobKey, path);
  return { id, ...result };
}
