import type { DestinationRecord, DestinationWriter, RecordResult } from '@sluice/connectors/kit/destination';
import { SluiceError } from '@sluice/domain/error';
import type { Exchange } from '@sluice/domain/sync';
import { pause } from './pause.ts';
import type { RequestLimiter } from './ports.ts';

export type FinalResult = Exclude<RecordResult, { status: 'retry' }>;

/** What became of a batch. */
export interface SentBatch {
  /** One per record. `null`: never sent, nobody knows it at the destination. */
  readonly results: readonly (FinalResult | null)[];
  readonly exchanges: readonly Exchange[];
  /** The last attempt ended with rows that could work later: a sign that the destination is down. */
  readonly exhausted: boolean;
  /** Why going on is useless. */
  readonly failure: SluiceError | null;
}

export interface SendPorts {
  readonly writer: DestinationWriter;
  readonly limiter: RequestLimiter;
  readonly retry: { readonly attemptsMax: number; readonly baseMs: number };
  /** No request starts after it aborts. */
  readonly stop: AbortSignal;
  /** Cuts requests that are on their way. */
  readonly cut: AbortSignal;
  /** Told before rows are sent again. */
  onRetry(retry: { rows: number; attempt: number; waitMs: number; reason: string }): void;
}

/**
 * Sends records until each has a final result: rows that the destination may take later are sent again with full
 * jitter, not before the time it asked for, at most `attemptsMax` times in all, and then rejected with its last
 * words. A row that some attempt may have applied ends as uncertain unless it is delivered in the end. Rows whose
 * fate is unknown are never sent again here. Never throws.
 */
export async function sendBatch(
  records: readonly DestinationRecord[],
  idempotencyKey: string,
  ports: SendPorts,
): Promise<SentBatch> {
  const results: (FinalResult | null)[] = records.map(() => null);
  const exchanges: Exchange[] = [];
  const doubted = new Set<number>();
  let open = records.map((_, index) => index);
  const settle = (failure: SluiceError | null, exhausted = false): SentBatch => ({
    results,
    exchanges,
    exhausted,
    failure,
  });
  for (let attempt = 1; ; attempt += 1) {
    if (!(await admitted(ports))) return settle(null);
    const batch = open.map((index) => records[index] as DestinationRecord);
    let answers: readonly RecordResult[];
    try {
      const answer = await ports.writer.deliver(batch, { signal: ports.cut, idempotencyKey });
      exchanges.push(...answer.exchanges);
      answers = answer.results;
    } catch (thrown) {
      if (thrown instanceof SluiceError) return settle(thrown);
      const cut = ports.cut.aborted;
      for (const index of open) results[index] = cut ? cutOff : noAnswer;
      return settle(cut ? null : defect('The destination failed in an unexpected way.', thrown));
    }
    if (answers.length !== batch.length) {
      for (const index of open) results[index] = noAnswer;
      return settle(defect(`The destination answered ${answers.length} results for ${batch.length} rows.`));
    }
    let waitMs = 0;
    let asked = false;
    const again: number[] = [];
    for (const [position, index] of open.entries()) {
      const result = answers[position] as RecordResult;
      if (result.status !== 'retry') {
        results[index] = doubted.has(index) ? withDoubt(result) : result;
        continue;
      }
      if (result.inDoubt) doubted.add(index);
      // Unless a later attempt says otherwise, this is how the row ends.
      const { code, message } = result;
      results[index] = { status: doubted.has(index) ? 'uncertain' : 'rejected', code, message };
      again.push(index);
      asked ||= result.afterMs !== undefined;
      waitMs = Math.max(waitMs, Math.min(result.afterMs ?? 0, askedMsMax));
    }
    if (again.length === 0) return settle(null);
    if (asked) ports.limiter.pause(waitMs);
    if (attempt >= ports.retry.attemptsMax) return settle(null, true);
    open = again;
    waitMs = Math.max(waitMs, fullJitter(attempt, ports.retry.baseMs));
    ports.onRetry({ rows: again.length, attempt, waitMs, reason: lastReason(results, again) });
    await pause(waitMs, ports.stop);
  }
}

/** A refusal does not undo what an attempt before may have done. */
function withDoubt(result: FinalResult): FinalResult {
  if (result.status !== 'rejected') return result;
  const message = `${result.message} (An earlier attempt ended in a server error and may have been applied.)`;
  return { status: 'uncertain', code: result.code, message };
}

function lastReason(results: readonly (FinalResult | null)[], open: readonly number[]): string {
  const result = results[open[0] ?? 0];
  return result && result.status !== 'delivered' ? result.code : 'unknown';
}

/** The longest pause a destination may ask for. */
const askedMsMax = 15 * 60_000;
const backoffMsMax = 60_000;

const fullJitter = (attempt: number, baseMs: number): number =>
  Math.random() * Math.min(backoffMsMax, baseMs * 2 ** attempt);

const cutOff: FinalResult = {
  status: 'uncertain',
  code: 'request_cut',
  message: 'The request was on its way when the run was stopped.',
};
const noAnswer: FinalResult = {
  status: 'uncertain',
  code: 'connector_defect',
  message: 'The destination gave no usable answer for this row.',
};

const defect = (message: string, cause?: unknown): SluiceError =>
  new SluiceError('connector_defect', message, { cause });

async function admitted({ limiter, stop }: SendPorts): Promise<boolean> {
  if (stop.aborted) return false;
  try {
    await limiter.acquire(stop);
    return !stop.aborted;
  } catch (thrown) {
    if (stop.aborted) return false;
    throw thrown;
  }
}
