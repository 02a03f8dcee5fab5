import type { DestinationWriter, WriterLimits } from '@sluice/connectors/kit/destination';
import type { RunCounts } from '@sluice/domain/change';
import { sentRanges } from '../plan/open-plan.ts';
import type { Chunk } from '../ports.ts';

/** More chunks than this would help nobody. */
const chunksMax = 100;
/** A chunk keeps a worker busy for so many rounds of requests, so that taking it costs little. */
const roundsMin = 4;

/** Where a writer's plan may be cut: at bounds of batches, or of files. */
export const cutLimits = ({ limits, files }: Pick<DestinationWriter, 'limits' | 'files'>): CutLimits =>
  files ? { batchRowsMax: files.rowsMax, concurrency: limits.concurrency } : limits;

type CutLimits = Pick<WriterLimits, 'batchRowsMax' | 'concurrency'>;

/**
 * Cuts the rows to send into chunks of one class each, in the order of the plan, at bounds of batches. Empty when the
 * plan is too small to be worth it.
 */
export function cutPlan(
  counts: RunCounts,
  { batchRowsMax, concurrency }: CutLimits,
  rowsMin: number,
): Chunk[] {
  const ranges = sentRanges(counts);
  const rows = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  if (rows < rowsMin) return [];
  const batch = Math.max(1, batchRowsMax);
  const wanted = Math.max(rows / chunksMax, roundsMin * Math.max(1, concurrency) * batch, rowsMin / 10);
  const size = Math.ceil(wanted / batch) * batch;
  const chunks: Chunk[] = [];
  for (const { class: name, from, to } of ranges) {
    for (let start = from; start <= to; start += size) {
      const seqTo = Math.min(to, start + size - 1);
      chunks.push({ number: chunks.length + 1, class: name, seqFrom: start, seqTo });
    }
  }
  return chunks.length > 1 ? chunks : [];
}
