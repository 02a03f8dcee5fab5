import type { SluiceError } from '@sluice/domain/error';
import type { Exchange } from '@sluice/domain/sync';
import {
  type BatchResult,
  type Delivery,
  type DestinationRecord,
  NotAdmitted,
  type RecordResult,
} from '../../kit/destination.ts';
import type { Payload, PayloadOutcome } from '../../kit/payload.ts';
import type { Rendering } from './render-request.ts';
import { type Sending, type SendParts, sendRequest } from './send-request.ts';

export interface DeliverParts extends SendParts {
  /** Renders the request of records of one class. */
  readonly render: (records: readonly DestinationRecord[]) => Rendering;
  /** Renders the request of a body that was made elsewhere. */
  readonly wrap: (payload: Payload) => Rendering;
}

/**
 * Sends rows, those of one class and at most `batchSize` of them in one request. A request that is refused as a whole is halved until the guilty rows stand
 * alone: at most 2 × log2(rows) further requests for each of them.
 *
 * Throws `destination_auth`, `destination_permission`, `destination_tls` or `egress_refused` while nothing can have
 * been applied; afterwards the rows that are left are to be tried again, and the next call throws. `begun` is what the
 * first request of all rows has come to already.
 */
export async function deliver(
  parts: DeliverParts,
  batch: readonly DestinationRecord[],
  delivery: Delivery,
  begun: Sending | null = null,
): Promise<BatchResult> {
  const results: RecordResult[] = [];
  const exchanges: Exchange[] = [];
  /** Why nothing more is sent. */
  let stopped: RecordResult | null = null;
  let fatal: SluiceError | null = null;

  const settle = (records: readonly DestinationRecord[], result: RecordResult): void => {
    for (const _ of records) results.push(result);
  };

  /** Settles the records in order. */
  async function send(records: readonly DestinationRecord[]): Promise<void> {
    if (records.length === 0) return;
    if (begun && records.length === batch.length) return take(records, begun);
    if (stopped || delivery.signal.aborted) return settle(records, notSent(stopped));
    const rendering = parts.render(records);
    if ('problem' in rendering) return split(records, { status: 'rejected', ...rendering.problem });
    let sending: Sending;
    try {
      await delivery.admit();
      sending = await sendRequest(parts, rendering.request, records, delivery);
    } catch (thrown) {
      if (!(thrown instanceof NotAdmitted)) throw thrown;
      return settle(records, notSent(null));
    }
    return take(records, sending);
  }

  async function take(records: readonly DestinationRecord[], { exchange, verdict }: Sending): Promise<void> {
    exchanges.push(exchange);
    switch (verdict.kind) {
      case 'rows':
        results.push(...verdict.results);
        return;
      case 'all':
        settle(records, verdict.result);
        if (verdict.stop) stopped = verdict.result;
        return;
      case 'refused':
        return split(records, verdict.result);
      case 'fatal':
        fatal = verdict.error;
        stopped = { status: 'retry', code: verdict.error.code, message: verdict.error.message };
        settle(records, stopped);
    }
  }

  async function split(records: readonly DestinationRecord[], refusal: RecordResult): Promise<void> {
    if (records.length === 1) return settle(records, refusal);
    const middle = Math.ceil(records.length / 2);
    await send(records.slice(0, middle));
    await send(records.slice(middle));
  }

  for (const records of requestsOf(batch, parts.options.batchSize)) await send(records);
  if (fatal && !results.some(mayHaveApplied)) throw fatal;
  return { results, exchanges };
}

/** Sends rows as the text that was made of them; `deliver` goes on where single rows matter. Throws what it throws. */
export async function deliverPayload(
  parts: DeliverParts,
  payload: Payload,
  delivery: Delivery,
): Promise<PayloadOutcome> {
  const rendering = parts.wrap(payload);
  if ('problem' in rendering) {
    return { kind: 'apart', judge: (records) => deliver(parts, records, delivery) };
  }
  await delivery.admit();
  const sending = await sendRequest(parts, rendering.request, [], delivery);
  const { exchange, verdict } = sending;
  if (verdict.kind === 'fatal') throw verdict.error;
  if (verdict.kind === 'all') return { kind: 'all', result: verdict.result, exchanges: [exchange] };
  return { kind: 'apart', judge: (records) => deliver(parts, records, delivery, sending) };
}

/** Neighbours of one class, in portions. */
function* requestsOf(batch: readonly DestinationRecord[], size: number): Generator<DestinationRecord[]> {
  let portion: DestinationRecord[] = [];
  for (const record of batch) {
    if (portion.length === size || (portion[0] && portion[0].class !== record.class)) {
      yield portion;
      portion = [];
    }
    portion.push(record);
  }
  if (portion.length > 0) yield portion;
}

/** Rows behind a stop were never sent: they are tried again whatever became of the ones before. */
function notSent(stopped: RecordResult | null): RecordResult {
  if (stopped?.status === 'retry') {
    const { code, message, afterMs } = stopped;
    return { status: 'retry', code, message, ...(afterMs !== undefined && { afterMs }) };
  }
  return {
    status: 'retry',
    code: 'not_sent',
    message: 'Not sent: the run stops, or the request before got no answer.',
  };
}

const mayHaveApplied = (result: RecordResult): boolean =>
  result.status === 'delivered' ||
  result.status === 'uncertain' ||
  (result.status === 'retry' && result.inDoubt === true);
