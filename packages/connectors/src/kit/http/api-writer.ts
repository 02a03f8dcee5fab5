import { SluiceError } from '@sluice/domain/error';
import type { RequestView } from '@sluice/domain/sync';
import {
  type BatchResult,
  type Delivery,
  type DestinationRecord,
  type DestinationWriter,
  NotAdmitted,
  type RecordResult,
  type WriterLimits,
} from '../destination.ts';
import type { ApiClient, ApiSession } from './api-client.ts';
import { halves, type PlacedPortion, portionsOf } from './portions.ts';
import { RequestFailed } from './request-failed.ts';
import { type RouteOf, rejected, unasked } from './route.ts';

export interface ApiWriterParts {
  readonly client: ApiClient;
  readonly limits: WriterLimits;
  /** Which way a record takes. */
  readonly routeOf: RouteOf;
}

/**
 * A writer of one sync to one object of an API. Batches become requests by number, bytes and identity; a request that
 * is refused as a whole is halved until the guilty rows stand alone; after an answer that makes more requests useless
 * the rest of the batch is left to be tried again.
 */
export function createApiWriter(parts: ApiWriterParts): DestinationWriter {
  // Wrong credentials shall cost one request, not one for each that may be open at once: the first goes alone.
  let probe: Promise<unknown> | null = null;
  let refused: SluiceError | null = null;

  async function deliver(batch: readonly DestinationRecord[], delivery: Delivery): Promise<BatchResult> {
    if (batch.length === 0) return { results: [], exchanges: [] };
    if (probe) await probe;
    if (refused) throw refused;
    const sending = deliverBatch(parts, batch, delivery);
    probe ??= sending.catch(() => undefined);
    const { fatal, ...result } = await sending;
    if (fatal) refused = fatal;
    if (fatal && !result.results.some(mayHaveApplied)) throw fatal;
    return result;
  }

  return {
    limits: parts.limits,
    mixedBatches: false,
    deliver,
    async preview(batch) {
      const views: RequestView[] = [];
      for (const portion of portionsOf(batch, parts.routeOf, 'preview', () => undefined)) {
        views.push(await parts.client.view(portion.route.request(portion)));
      }
      return views;
    },
    close: () => Promise.resolve(),
  };
}

async function deliverBatch(
  parts: ApiWriterParts,
  batch: readonly DestinationRecord[],
  delivery: Delivery,
): Promise<BatchResult & { readonly fatal: SluiceError | null }> {
  const results: (RecordResult | undefined)[] = new Array(batch.length).fill(undefined);
  const session = parts.client.session(delivery);
  /** Why nothing more is sent. */
  let stopped: RecordResult | null = null;
  let fatal: SluiceError | null = null;

  const settle = (portion: PlacedPortion, answers: readonly RecordResult[]): void => {
    portion.places.forEach((place, index) => {
      results[place] = answers[index];
    });
  };
  const settleAll = (portion: PlacedPortion, result: RecordResult): void =>
    settle(
      portion,
      portion.places.map(() => result),
    );

  async function send(portion: PlacedPortion): Promise<void> {
    if (stopped || delivery.signal.aborted) return settleAll(portion, notSent(stopped));
    const outcome = await attempt(portion, session);
    switch (outcome.kind) {
      case 'answered':
        return settle(portion, outcome.results);
      case 'stopped':
        stopped = outcome.result;
        return settleAll(portion, outcome.result);
      case 'fatal':
        fatal = outcome.error;
        stopped = { status: 'retry', code: outcome.error.code, message: outcome.error.message };
        return settleAll(portion, stopped);
      case 'refused':
        if (portion.records.length === 1) return settleAll(portion, outcome.result);
        for (const half of halves(portion)) await send(half);
    }
  }

  const refuse = (place: number, result: RecordResult): void => {
    results[place] = result;
  };
  for (const portion of portionsOf(batch, parts.routeOf, delivery.idempotencyKey, refuse))
    await send(portion);
  return { results: results.map((result) => result ?? notSent(null)), exchanges: session.exchanges, fatal };
}

type Attempt =
  | { readonly kind: 'answered'; readonly results: readonly RecordResult[] }
  | { readonly kind: 'stopped'; readonly result: RecordResult }
  | { readonly kind: 'refused'; readonly result: RecordResult }
  | { readonly kind: 'fatal'; readonly error: SluiceError };

async function attempt(portion: PlacedPortion, session: ApiSession): Promise<Attempt> {
  const { route } = portion;
  if (session.asksOnly && !route.asks)
    return { kind: 'answered', results: portion.records.map(() => unasked) };
  try {
    const results = route.send
      ? await route.send(portion, session)
      : route.read(await session.send(route.request(portion)), portion);
    if (results.length === portion.records.length) return { kind: 'answered', results };
    const message = `The connector answered ${results.length} results for ${portion.records.length} rows.`;
    return { kind: 'stopped', result: { status: 'uncertain', code: 'connector_defect', message } };
  } catch (thrown) {
    if (thrown instanceof NotAdmitted) return { kind: 'stopped', result: notSent(null) };
    if (thrown instanceof SluiceError) return { kind: 'fatal', error: thrown };
    if (!(thrown instanceof RequestFailed)) throw thrown;
    const { failure } = thrown;
    switch (failure.kind) {
      case 'fatal':
        return { kind: 'fatal', error: failure.error };
      case 'rows':
        return { kind: 'stopped', result: failure.result };
      case 'refused': {
        const result = rejected(failure.code, failure.message);
        const alone = portion.records[0];
        if (portion.records.length > 1 || !alone) return { kind: 'refused', result };
        return { kind: 'refused', result: route.refusal?.(failure, alone) ?? result };
      }
    }
  }
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
    message: 'Not sent: the request before it got no answer, or the run stops.',
  };
}

const mayHaveApplied = (result: RecordResult): boolean =>
  result.status === 'delivered' ||
  result.status === 'uncertain' ||
  (result.status === 'retry' && result.inDoubt === true);
