import { ModelQuery } from '@sluice/domain/query';
import { resyncKinds, SyncConfiguration } from '@sluice/domain/sync';
import type { RunSpecification } from '@sluice/engine/run';
import { z } from 'zod';

/** What a run executes, as stored with it: later edits of sync, model and ledger do not reach it. */
export const FrozenSpecification = z.object({
  sync: z.object({ id: z.number(), slug: z.string() }),
  model: z.object({ id: z.number(), name: z.string(), query: ModelQuery, primaryKey: z.string() }),
  sourceId: z.number(),
  destinationId: z.number(),
  configuration: SyncConfiguration,
  resync: z.enum(resyncKinds),
  ignoreGuards: z.boolean(),
  startedAt: z.coerce.date(),
  ledgerKey: z.string().nullable(),
});
export type FrozenSpecification = z.infer<typeof FrozenSpecification>;

/** The frozen specification as the engine takes it. */
export function runSpecification(
  run: { readonly id: number; readonly workspaceId: number },
  frozen: FrozenSpecification,
): RunSpecification {
  const { sourceId: _source, destinationId: _destination, ...rest } = frozen;
  return { ...rest, runId: run.id, workspaceId: run.workspaceId };
}
