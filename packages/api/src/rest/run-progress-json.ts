import { z } from '@hono/zod-openapi';
import { sumCounts, sumSent } from '@sluice/domain/change';
import type { RunView } from '@sluice/domain/run';
import { isFinal } from '@sluice/domain/run-status';

export const RunProgressJson = z
  .object({
    message: z.string().nullable(),
    rowsQueried: z.number().int(),
    rowsPlanned: z.number().int(),
    rowsSent: z.number().int().describe('Rows with an outcome: delivered, rejected or in doubt.'),
    rowsPerSecond: z.number().nullable().describe('Over the last 20 seconds; null while it is not known.'),
    secondsLeft: z.number().nullable().describe('At this pace; null while it is not known.'),
  })
  .nullable()
  .describe('How far the run is; null once it has ended.');

/** How far a run is and how fast it goes. Strict clients of the contract's own addresses would refuse it there. */
export function runProgressJson(view: RunView): z.infer<typeof RunProgressJson> {
  if (isFinal(view.status)) return null;
  const { counts, progress, pace } = view;
  const { delivered, rejected, uncertain } = counts;
  return {
    message: progress,
    rowsQueried: counts.queried,
    rowsPlanned: sumSent(counts),
    rowsSent: sumCounts(delivered) + sumCounts(rejected) + sumCounts(uncertain),
    rowsPerSecond: pace?.rowsPerSecond ?? null,
    secondsLeft: pace?.leftMs == null ? null : Math.round(pace.leftMs / 1000),
  };
}
