import type { DestinationRecord, DestinationWriter } from '@sluice/connectors/kit/destination';
import type { FileLife } from '@sluice/connectors/kit/file-batch';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import type { MappingResult } from '../map/mapping.ts';
import type { OpenPlan, SentRange } from '../plan/open-plan.ts';
import type { PlannedChange } from '../plan/planned-change.ts';
import {
  type BatchIntent,
  type BatchOutcome,
  LeaseLost,
  type RowException,
  type RunStore,
} from '../ports.ts';
import type { RunPorts } from '../run.ts';
import { stopReason } from '../stop-reason.ts';
import { StoreFailure } from '../store-failure.ts';
import { createMemory } from './memory.ts';
import { pause } from './pause.ts';
import type { Place, Places } from './places.ts';
import { type PlannedBatch, planBatches, readRange } from './plan-batches.ts';
import { type PlannedFile, planFiles } from './plan-files.ts';
import type { PayloadsOf, PlannedPayload } from './plan-payloads.ts';
import { type SendPorts, type SentBatch, sendBatch } from './send-batch.ts';
import { sendFile } from './send-file.ts';
import type { SeqRange } from './seq-ranges.ts';
import { createSettler } from './settler.ts';
import { payloadShipment, RecordsLost, recordShipment, type Shipment } from './shipment.ts';

export interface Delivery {
  /** Why the run stopped before its end; `null` when all was tried or the run was cancelled. */
  readonly failure: SluiceError | null;
  /** Batches that were sent and whose answer nobody waited for any longer, or could be told by row. */
  readonly unanswered: readonly BatchIntent[];
  /** It was not the destination that failed: rows of the plan could not be read. */
  readonly broken?: boolean;
}

/** What is sent, and what is known of it. */
export interface Consignment {
  readonly plan: OpenPlan;
  /** In the order of delivery. */
  readonly ranges: readonly SentRange[];
  readonly settled: readonly SeqRange[];
  /** Batches that an earlier attempt announced and never settled. */
  readonly doubtful: readonly BatchIntent[];
  /** Told of outcomes that are on disk. */
  settle(outcomes: readonly BatchOutcome[]): void;
}

/** How the destination is, over all chunks that a worker delivers. */
export interface Trouble {
  /** Batches in a row that it would not take. */
  inRow: number;
  /** The pause it asked for, when that is too long to hold a place meanwhile, ms. */
  parkedMs: number;
}

export interface DeliveryPorts extends Pick<RunPorts, 'limiter' | 'retry' | 'signal'> {
  readonly store: Pick<RunStore, 'intend' | 'remember' | 'settle' | 'event'>;
  readonly writer: DestinationWriter;
  readonly map: (change: PlannedChange) => MappingResult;
  /** How rows are written as text where they lie. */
  readonly payloads: PayloadsOf;
  readonly runLabel: string;
  /** How many batches may be on their way; shared by deliveries that go on side by side. */
  readonly places: Places;
  readonly trouble: Trouble;
  /** The last batch is on its way. */
  onAllStarted?(): void;
}

/**
 * Sends what is left of a plan or of a part of it: a recorded intent before each request, the outcome after it, at most
 * as many batches between the two as there are places (see `createPlaces`). Classes follow one another: the next begins when every answer of
 * the one before is on disk. After a stop nothing new is sent, and answers have a short while to arrive. Throws
 * `LeaseLost` when the run belongs to another worker, and whatever the store throws.
 */
export async function deliver(consignment: Consignment, ports: DeliveryPorts): Promise<Delivery> {
  const { store, signal, writer, places, trouble } = ports;
  const halt = new AbortController();
  const stop = AbortSignal.any([signal, halt.signal]);
  const cut = new AbortController();
  const lost = (): boolean => stopReason(signal) === 'lost';
  const settler = createSettler(store);
  const inFlight = new Map<Planned, Promise<void>>();
  const unanswered: BatchIntent[] = [];
  let failure: SluiceError | null = null;
  let broken: { readonly thrown: unknown } | null = null;

  const gate = ports.limiter.open(writer.limits);
  const batches = writer.files
    ? planFiles(consignment, writer.files.rowsMax)
    : planBatches(consignment, Math.max(1, writer.limits.batchRowsMax), ports.payloads);

  const announced = (planned: Planned): Announced => {
    if ('part' in planned) return { planned };
    if ('changes' in planned) return mapBatch(planned, ports.map);
    const { seqFrom: from, seqTo: to } = planned.intent;
    const shipment = payloadShipment(
      planned.payload,
      async () => mapChanges(await readRange(consignment.plan, { from, to }), ports.map).records,
    );
    return { planned, shipment, rejected: [] };
  };

  /** The next batches, mapped and announced: at most as many as can be on their way at once. */
  const announce = async (): Promise<Announced[]> => {
    const group: Announced[] = [];
    while (group.length < places.total && !stop.aborted) {
      const next = await batches.next();
      if (next.done) break;
      group.push(announced(next.value));
    }
    if (stop.aborted || group.length === 0) return [];
    await store.intend(group.map(({ planned }) => planned.intent));
    return group;
  };

  const fail = (error: SluiceError): void => {
    failure ??= error;
    halt.abort('failed');
  };

  const labelOf = ({ seqFrom, seqTo }: BatchIntent): string => `${ports.runLabel}-${seqFrom}-${seqTo}`;
  const handsOver = (): boolean => trouble.parkedMs > 0 || stopReason(signal) === 'shutdown';
  const sendPorts: SendPorts = {
    writer,
    gate,
    retry: ports.retry,
    holdsDoubts: consignment.plan.metadata.holdsDoubts,
    stop,
    cut: cut.signal,
    park: (ms) => {
      trouble.parkedMs = Math.max(trouble.parkedMs, ms);
      halt.abort('parked');
    },
    handsOver,
    onRetry: ({ rows, attempt, waitMs, reason }) =>
      store.event('warning', 'deliver', retryWords(rows, waitMs, reason), { reason, attempt }),
  };

  const settle = async (outcome: BatchOutcome): Promise<void> => {
    await settler.settle(outcome);
    consignment.settle([outcome]);
  };

  const send = async (batch: MappedBatch, place: Place): Promise<void> => {
    const { planned, shipment } = batch;
    const memory = createMemory(planned.intent, store, () => lost() || handsOver());
    const asksOnly = planned.doubtful && sendPorts.holdsDoubts === true;
    const sent =
      shipment.rows === 0
        ? nothingSent
        : await sendBatch(shipment, labelOf(planned.intent), { ...sendPorts, memory, asksOnly });
    if (memory.failure) throw memory.failure.thrown;
    // It stays announced: whoever goes on with the run asks what became of it.
    if (memory.goesOn && memory.read() !== null && unansweredIn(sent)) return;
    if (sent.failure) fail(sent.failure);
    if (shipment.rows > 0) trouble.inRow = sent.exhausted || unansweredIn(sent) ? trouble.inRow + 1 : 0;
    if (trouble.inRow >= exhaustedMax) fail(destinationDown(sent));
    if (lost()) return;
    place.answered();
    try {
      const outcome = await outcomeOf(batch, sent, asksOnly);
      if (outcome) await settle(outcome);
    } catch (thrown) {
      if (!(thrown instanceof RecordsLost)) throw thrown;
      unanswered.push(planned.intent);
      fail(toSluiceError(thrown.cause));
    }
  };

  const sendWhole = async (planned: PlannedFile, files: FileLife): Promise<void> => {
    const filePorts = { ...sendPorts, plan: consignment.plan, map: ports.map, files };
    const sent = await sendFile(planned, labelOf(planned.intent), filePorts);
    if (sent.failure) fail(sent.failure);
    if (lost()) return;
    if (sent.inDoubt) unanswered.push(planned.intent);
    if (sent.outcome) await settle(sent.outcome);
  };

  const start = (batch: Announced, place: Place): void => {
    const task = (
      'shipment' in batch ? send(batch, place) : sendWhole(batch.planned, writer.files as FileLife)
    )
      .catch((thrown: unknown) => {
        broken ??= { thrown };
        halt.abort('broken');
        if (thrown instanceof LeaseLost) cut.abort('lost');
      })
      .finally(() => {
        inFlight.delete(batch.planned);
        place.give();
      });
    inFlight.set(batch.planned, task);
  };

  const onStop = (): void => {
    if (lost()) cut.abort('lost');
  };
  signal.addEventListener('abort', onStop);
  onStop();
  const stopped = aborted(stop);
  let next = announce();
  try {
    let current: string | null = null;
    for (let group = await next; group.length > 0; group = await next) {
      next = announce();
      // A failure is thrown where `next` is awaited, which a stop may skip.
      next.catch(() => undefined);
      for (const batch of group) {
        const { class: name } = batch.planned.intent;
        while (name !== current && inFlight.size > 0 && !stop.aborted) {
          await Promise.race([...inFlight.values(), stopped]);
        }
        current = name;
        const place = await places.take(stop);
        if (!place) break;
        start(batch, place);
      }
      if (stop.aborted) break;
    }
  } catch (thrown) {
    broken ??= { thrown };
    halt.abort('broken');
    if (thrown instanceof LeaseLost) cut.abort('lost');
  }
  await next.catch(() => undefined);
  ports.onAllStarted?.();
  await drain(inFlight, { stopped, cut, signal });
  signal.removeEventListener('abort', onStop);
  gate.close();
  if (lost()) throw new LeaseLost();
  const thrown = (broken as { readonly thrown: unknown } | null)?.thrown;
  if (thrown instanceof LeaseLost || thrown instanceof StoreFailure) throw thrown;
  return {
    failure: broken ? toSluiceError(thrown) : failure,
    unanswered: [...unanswered, ...[...inFlight.keys()].map(({ intent }) => intent)],
    ...(broken && { broken: true }),
  };
}

/** How long answers may take after a stop, and how long a connector may take to obey a cut. */
const cancelGraceMs = 1_200;
const shutdownGraceMs = 8_000;
const failureGraceMs = 60_000;
const obeyMs = 2_000;

/** A person waits for a cancel; a worker that shuts down leaves no doubts if it can. */
function graceOf(signal: AbortSignal): number {
  return stopReason(signal) === 'cancelled' ? cancelGraceMs : shutdownGraceMs;
}

/** So many batches in a row that the destination would not take mean that it is down. */
const exhaustedMax = 10;

const nothingSent: SentBatch = { results: [], exchanges: [], exhausted: false, failure: null };

/** What is sent as one: a batch of records, or a file. */
type Planned = PlannedBatch | PlannedPayload | PlannedFile;
type Announced = MappedBatch | { readonly planned: PlannedFile };

interface MappedBatch {
  readonly planned: PlannedBatch | PlannedPayload;
  readonly shipment: Shipment;
  readonly rejected: readonly RowException[];
}

function mapBatch(planned: PlannedBatch, map: (change: PlannedChange) => MappingResult): MappedBatch {
  const { records, rejected } = mapChanges(planned.changes, map);
  return { planned, shipment: recordShipment(records), rejected };
}

function mapChanges(
  changes: readonly PlannedChange[],
  map: (change: PlannedChange) => MappingResult,
): { readonly records: DestinationRecord[]; readonly rejected: RowException[] } {
  const records: DestinationRecord[] = [];
  const rejected: RowException[] = [];
  for (const change of changes) {
    const result = map(change);
    if ('record' in result) records.push(result.record);
    else {
      const { seq, key, class: name } = change;
      rejected.push({ seq, key, class: name, outcome: 'rejected', ...result.rejected });
    }
  }
  return { records, rejected };
}

/** `null` when nothing of the batch was sent: then there is nothing to record. */
async function outcomeOf(
  { planned, shipment, rejected }: MappedBatch,
  sent: SentBatch,
  asked: boolean,
): Promise<BatchOutcome | null> {
  if (shipment.rows > 0 && sent.results.every((result) => result === null)) return null;
  const all = sent.results.every((result) => result?.status === 'delivered');
  if (all)
    return { ...planned.intent, delivered: shipment.rows, exceptions: rejected, exchanges: sent.exchanges };
  const records = await shipment.records();
  const exceptions: RowException[] = [...rejected];
  let delivered = 0;
  for (const [index, result] of sent.results.entries()) {
    const record = records[index];
    if (!record || !result) continue;
    if (result.status === 'delivered') {
      delivered += 1;
      continue;
    }
    const { seq, key, class: name } = record;
    const { code, message } = result;
    if (result.status === 'rejected' && planned.doubtful && !asked) {
      // The attempt before may have landed: a refusal now does not undo it. Where nothing was sent again, it is the word on it.
      const doubt = `${message} (An earlier request for this row was interrupted and may have arrived.)`;
      exceptions.push({ seq, key, class: name, outcome: 'uncertain', code, message: doubt });
    } else {
      exceptions.push({ seq, key, class: name, outcome: result.status, code, message });
    }
  }
  return { ...planned.intent, delivered, exceptions, exchanges: sent.exchanges };
}

/** Nobody knows of any row of the batch: it was sent, and no whole answer came. */
const unansweredIn = ({ results }: SentBatch): boolean =>
  results.length > 0 && results.every((result) => result?.status === 'uncertain');

/** The destination's own words stay out: they may quote a row. */
function retryWords(rows: number, waitMs: number, reason: string): string {
  const what = rows === 1 ? '1 row is' : `${format(rows)} rows are`;
  const wait = waitMs < 1000 ? 'in less than a second' : `in ${format(Math.round(waitMs / 1000))} s`;
  return `${what} sent again ${wait}: ${reason.replaceAll('_', ' ')}.`;
}

function destinationDown(sent: SentBatch): SluiceError {
  const last = sent.results.find((result) => result !== null && result.status !== 'delivered');
  const words = last ? `: ${last.message}` : '.';
  return new SluiceError(
    'destination_failed',
    `The destination did not take ${exhaustedMax} batches in a row, so the run stopped${words}`,
    { fix: 'Wait until the destination works again. Rows that were not sent come back with the next run.' },
  );
}

/** Waits for what is on its way; after a stop not longer than the grace allows. */
async function drain(
  inFlight: ReadonlyMap<Planned, Promise<void>>,
  until: { stopped: Promise<void>; cut: AbortController; signal: AbortSignal },
): Promise<void> {
  const all = Promise.all(inFlight.values());
  await Promise.race([all, until.stopped]);
  const { cut, signal } = until;
  // After a failure somebody may still cancel, and then waits for less.
  if (inFlight.size > 0 && !signal.aborted) await within(failureGraceMs, all, cut.signal, signal);
  if (inFlight.size > 0 && signal.aborted) await within(graceOf(signal), all, cut.signal);
  if (inFlight.size === 0) return;
  cut.abort('stopped');
  await within(obeyMs, all);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function within(ms: number, work: Promise<unknown>, ...until: AbortSignal[]): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, pause(ms, over.signal), ...until.map(aborted)]);
  over.abort();
}

const format = (value: number): string => value.toLocaleString('en-US');
