import {
  type BatchResult,
  type Delivery,
  type DeliveryMemory,
  type DestinationRecord,
  type DestinationWriter,
  NotAdmitted,
  type RecordResult,
} from '@sluice/connectors/kit/destination';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import type { Exchange } from '@sluice/domain/sync';
import { fullJitter } from '../backoff.ts';
import type { RequestGate } from '../ports.ts';
import { pause } from './pause.ts';
import { RecordsLost, type Shipment } from './shipment.ts';

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
  readonly gate: RequestGate;
  readonly retry: { readonly attemptsMax: number; readonly baseMs: number };
  /** What the destination keeps with these rows. */
  readonly memory?: DeliveryMemory;
  /** A row that an attempt may have applied is not sent again: what the destination kept with it is asked, or nobody. */
  readonly holdsDoubts?: boolean | undefined;
  /** An attempt before this one may have applied all of the rows, and doubts are held. */
  readonly asksOnly?: boolean;
  /** No request starts after it aborts. */
  readonly stop: AbortSignal;
  /** Cuts requests that are on their way. */
  readonly cut: AbortSignal;
  /** The destination asks for so long a pause that the run gives its place to others; then `stop` aborts. */
  park?(ms: number): void;
  /** After a stop, another attempt goes on with this run: what was not applied is left to it. */
  handsOver?(): boolean;
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
  shipment: Shipment,
  idempotencyKey: string,
  ports: SendPorts,
): Promise<SentBatch> {
  const { rows } = shipment;
  const results: (FinalResult | null)[] = new Array(rows).fill(null);
  const exchanges: Exchange[] = [];
  let asksOnly = ports.asksOnly === true;
  let open = [...results.keys()];
  const doubted = new Set<number>(asksOnly ? open : []);
  const settle = (failure: SluiceError | null, exhausted = false): SentBatch => ({
    // Where no row was ever sent there is nothing to say of any of them.
    results: results.every((result) => result === null || isNotSent(result))
      ? results.map(() => null)
      : results,
    exchanges,
    exhausted,
    failure,
  });
  for (let attempt = 1; ; attempt += 1) {
    parkIfLong(ports);
    const leave = await entered(ports);
    if (!leave) {
      const untouched = open.length === rows && doubted.size === 0;
      if (untouched && ports.handsOver?.()) results.fill(null);
      return settle(null);
    }
    let answers: readonly RecordResult[];
    let started = 0;
    const admit = async (): Promise<void> => {
      await admitted(ports);
      started += 1;
    };
    const confirm = (): void => {
      try {
        confirmed(ports);
      } catch (thrown) {
        started -= 1;
        throw thrown;
      }
    };
    try {
      const { memory } = ports;
      const answer = await deliverOpen(ports.writer, shipment, open, {
        ...{ signal: ports.cut, idempotencyKey, admit, confirm },
        ...(memory && { memory }),
        ...(asksOnly && { asksOnly }),
      });
      exchanges.push(...answer.exchanges);
      answers = answer.results;
    } catch (thrown) {
      if (thrown instanceof RecordsLost) {
        if (started > 0) for (const index of open) results[index] = noAnswer;
        return settle(toSluiceError(thrown.cause));
      }
      if (thrown instanceof SluiceError) return settle(thrown);
      if (thrown instanceof NotAdmitted && started === 0) return settle(null);
      const cut = ports.cut.aborted;
      for (const index of open) results[index] = cut ? cutOff : noAnswer;
      return settle(cut ? null : defect('The destination failed in an unexpected way.', thrown));
    } finally {
      leave();
    }
    if (answers.length !== open.length) {
      for (const index of open) results[index] = noAnswer;
      return settle(defect(`The destination answered ${answers.length} results for ${open.length} rows.`));
    }
    let waitMs = 0;
    let asked = false;
    let again: number[] = [];
    const held: number[] = [];
    for (const [position, index] of open.entries()) {
      const result = answers[position] as RecordResult;
      if (result.status !== 'retry') {
        // Who only asks is told of what was sent before.
        results[index] = doubted.has(index) && !asksOnly ? withDoubt(result) : result;
        continue;
      }
      if (result.inDoubt) doubted.add(index);
      // Unless a later attempt says otherwise, this is how the row ends.
      const { code, message } = result;
      if (!(isNotSent(result) && results[index]))
        results[index] = { status: doubted.has(index) ? 'uncertain' : 'rejected', code, message };
      const isHeld = doubted.has(index) && ports.holdsDoubts === true && !asksOnly;
      (isHeld ? held : again).push(index);
      asked ||= result.afterMs !== undefined;
      waitMs = Math.max(waitMs, Math.min(result.afterMs ?? 0, askedMsMax));
    }
    if (again.length === 0 && held.length > 0 && (ports.memory?.read() ?? null) !== null) {
      asksOnly = true;
      again = held;
    }
    if (again.length === 0) return settle(null);
    if (asked) ports.gate.pause(waitMs);
    if (attempt >= ports.retry.attemptsMax) return settle(null, true);
    open = again;
    waitMs = Math.max(waitMs, fullJitter(attempt, ports.retry.baseMs));
    ports.onRetry({ rows: again.length, attempt, waitMs, reason: lastReason(results, again) });
    parkIfLong(ports);
    await pause(waitMs, ports.stop);
  }
}

/** All rows as their payload, where they have one: tried again, they carry the same key only as the same bytes. */
async function deliverOpen(
  writer: DestinationWriter,
  shipment: Shipment,
  open: readonly number[],
  delivery: Delivery,
): Promise<BatchResult> {
  const { payload, rows } = shipment;
  const { payloads } = writer;
  if (!payload || !payloads || open.length < rows) {
    const records = await shipment.records();
    return writer.deliver(
      open.map((index) => records[index] as DestinationRecord),
      delivery,
    );
  }
  const outcome = await payloads.deliver(payload, delivery);
  if (outcome.kind === 'apart') return outcome.judge(await shipment.records());
  return { results: open.map(() => outcome.result), exchanges: outcome.exchanges };
}

function parkIfLong({ gate, park }: SendPorts): void {
  const ms = gate.pausedMs();
  if (ms > parkMsMin) park?.(ms);
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

/** A run waits so long itself; a longer pause is left to whoever has a place then. */
const parkMsMin = 30_000;
/** The longest pause a destination may ask for. */
const askedMsMax = 15 * 60_000;

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

/** A row that the connector did not come to, because the run stopped or a request before it failed. */
const isNotSent = (result: RecordResult): boolean =>
  result.status !== 'delivered' && result.code === 'not_sent';

/** The function that gives the place back, or `null` when the run stops. */
async function entered({ gate, stop }: SendPorts): Promise<(() => void) | null> {
  if (stop.aborted) return null;
  try {
    const leave = await gate.enter(stop);
    if (!stop.aborted) return leave;
    leave();
    return null;
  } catch (thrown) {
    if (stop.aborted) return null;
    throw thrown;
  }
}

async function admitted(ports: SendPorts): Promise<void> {
  const { gate, stop } = ports;
  try {
    stop.throwIfAborted();
    await gate.admit(stop);
  } catch (thrown) {
    throw stop.aborted ? new NotAdmitted(thrown) : thrown;
  }
  confirmed(ports);
}

/** Whoever has lost the lease stops: there is no other reason for a gate to change its mind. */
function confirmed({ gate, stop }: SendPorts): void {
  try {
    stop.throwIfAborted();
    gate.confirm?.();
  } catch (thrown) {
    throw new NotAdmitted(thrown);
  }
}
