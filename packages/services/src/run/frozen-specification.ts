import { ModelQuery } from '@sluice/domain/query';
import { RunSelection } from '@sluice/domain/run-selection';
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
  selection: RunSelection.nullable().default(null),
  /** When the sync was last edited, so that the end of the run can tell whether it still is what it was. */
  syncUpdatedAt: z.string().optional(),
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
  const { sourceId: _source, destinationId: _destination, syncUpdatedAt: _updated, ...rest } = frozen;
  return { ...rest, runId: run.id, workspaceId: run.workspaceId };
}
