import { z } from '@hono/zod-openapi';
import type { ClassCounts } from '@sluice/domain/change';
import type { RunView } from '@sluice/domain/run';
import { runStatuses } from '@sluice/domain/run-status';

/** Numbers of rows, by what became of them at the source. */
export const Counts = z
  .object({ addedCount: z.number().int(), changedCount: z.number().int(), removedCount: z.number().int() })
  .openapi('RowCounts');

export const RunJson = z
  .object({
    id: z.number().int(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    querySize: z.number().int(),
    status: z.enum(runStatuses),
    completionRatio: z.number(),
    plannedRows: Counts,
    successfulRows: Counts,
    failedRows: Counts,
    error: z.string().nullable(),
  })
  .openapi('Run');

/** A run as the contract names its parts: every one of them from the first moment on, and nothing besides. */
export function runJson(view: RunView): z.infer<typeof RunJson> {
  const { counts, error } = view;
  return {
    id: view.id,
    createdAt: view.createdAt.toISOString(),
    startedAt: view.startedAt?.toISOString() ?? null,
    finishedAt: view.finishedAt?.toISOString() ?? null,
    querySize: counts.queried,
    status: view.status,
    completionRatio: view.completionRatio,
    plannedRows: countsJson(counts.planned),
    successfulRows: countsJson(counts.delivered),
    failedRows: countsJson(counts.rejected),
    error: error && `${error.message} ${error.fix}`,
  };
}

/** Numbers of rows as the contract names them. */
export const countsJson = ({ added, changed, removed }: ClassCounts) => ({
  addedCount: added,
  changedCount: changed,
  removedCount: removed,
});
