import type { DestinationRecord, RecordResult } from '@sluice/connectors/kit/destination';
import type { FileBatch, FileLife, FileResult } from '@sluice/connectors/kit/file-batch';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import type { MappingResult } from '../map/mapping.ts';
import type { OpenPlan } from '../plan/open-plan.ts';
import type { PlannedChange } from '../plan/planned-change.ts';
import type { BatchIntent, BatchOutcome, RowException } from '../ports.ts';
import { readWindows } from './plan-batches.ts';
import { fileColumns, type PlannedFile } from './plan-files.ts';
import { type SendPorts, sendBatch } from './send-batch.ts';
import { recordShipment } from './shipment.ts';

/** What became of a file. */
export interface SentFile {
  /** `null` unless the file is complete and visible. */
  readonly outcome: BatchOutcome | null;
  /** Why the run has to stop. */
  readonly failure: SluiceError | null;
  /** The file may be visible, and nobody will learn whether it is. */
  readonly inDoubt: boolean;
}

/**
 * Sends a file: a batch of one thing, which comes about whole or not at all, so limits, pauses, retries and stops are
 * those of any batch. A file that the destination would not take in the end stops the run. Never throws.
 */
export async function sendFile(
  planned: PlannedFile,
  idempotencyKey: string,
  { plan, map, files, ...ports }: FilePorts,
): Promise<SentFile> {
  const { intent } = planned;
  let written: { readonly delivered: number; readonly exceptions: readonly RowException[] } | null = null;
  const deliver: SendPorts['writer']['deliver'] = async (_file, delivery) => {
    const rows = new FileRows(plan, intent, map);
    const { part } = planned;
    const batch: FileBatch = {
      ...{ class: intent.class, part, columns: fileColumns(plan, intent) },
      rows: () => rows.read(),
    };
    const result = await files.write(batch, delivery).catch((thrown: unknown) => {
      throw rows.failure ?? thrown;
    });
    if (result.status === 'complete') written = rows.outcome(result);
    return { results: [asRecordResult(result)], exchanges: result.exchanges };
  };
  const writer = { ...ports.writer, deliver };
  const sent = await sendBatch(recordShipment([placeholder(intent)]), idempotencyKey, { ...ports, writer });
  const [result] = sent.results;
  if (written && result?.status === 'delivered') {
    const done = written as { readonly delivered: number; readonly exceptions: readonly RowException[] };
    return { outcome: { ...intent, ...done, exchanges: sent.exchanges }, failure: null, inDoubt: false };
  }
  const refused = result && result.status !== 'delivered' ? couldNot(result.message) : null;
  return { outcome: null, failure: sent.failure ?? refused, inDoubt: result?.status === 'uncertain' };
}

export interface FilePorts extends SendPorts {
  readonly plan: OpenPlan;
  readonly map: (change: PlannedChange) => MappingResult;
  readonly files: FileLife;
}

/** Rows that are read and mapped at once. */
const windowRows = 1_000;
/** A file that so many rows cannot be written to is not worth having: the mapping is wrong. */
const rejectedMax = 50_000;

/** The records of a file, and those that have no place in it. */
class FileRows {
  /** What went wrong while the plan was read: nothing that the destination did. */
  failure: SluiceError | null = null;
  private count = 0;
  private rejected: RowException[] = [];
  private readonly plan: OpenPlan;
  private readonly intent: BatchIntent;
  private readonly map: FilePorts['map'];

  constructor(plan: OpenPlan, intent: BatchIntent, map: FilePorts['map']) {
    this.plan = plan;
    this.intent = intent;
    this.map = map;
  }

  async *read(): AsyncGenerator<readonly DestinationRecord[]> {
    const { class: name, seqFrom: from, seqTo: to } = this.intent;
    this.count = 0;
    this.rejected = [];
    try {
      for await (const changes of readWindows(this.plan, { class: name, from, to }, windowRows)) {
        const records = changes.flatMap((change) => this.record(change));
        this.count += changes.length;
        if (this.rejected.length > rejectedMax) throw tooManyRejected();
        yield records;
      }
    } catch (thrown) {
      this.failure = toSluiceError(thrown);
      throw this.failure;
    }
  }

  outcome(result: Extract<FileResult, { status: 'complete' }>) {
    const exceptions = [
      ...this.rejected,
      ...result.rejected.map(({ record, code, message }) => refusal(record, { code, message })),
    ];
    return { delivered: this.count - exceptions.length, exceptions };
  }

  private record(change: PlannedChange): DestinationRecord[] {
    const result = this.map(change);
    if ('record' in result) return [result.record];
    this.rejected.push(refusal(change, result.rejected));
    return [];
  }
}

const refusal = (
  { seq, key, class: name }: Pick<PlannedChange, 'seq' | 'key' | 'class'>,
  { code, message }: { readonly code: string; readonly message: string },
): RowException => ({ seq, key, class: name, outcome: 'rejected', code, message });

function asRecordResult(result: FileResult): RecordResult {
  if (result.status === 'complete') return { status: 'delivered' };
  const { exchanges, ...rest } = result;
  return rest;
}

/** Stands for the file where a batch has records. */
const placeholder = ({ seqFrom, class: name }: BatchIntent): DestinationRecord => ({
  seq: seqFrom,
  key: '',
  class: name,
  operation: 'create',
  matchValue: null,
  fields: {},
  row: {},
});

const couldNot = (message: string): SluiceError =>
  new SluiceError('destination_failed', `The file could not be written: ${message}`, {
    fix: 'Wait until the destination works again. Rows that were not sent come back with the next run.',
  });

const tooManyRejected = (): SluiceError =>
  new SluiceError(
    'destination_failed',
    `More than ${rejectedMax.toLocaleString('en-US')} rows of a file cannot be written, so it was not.`,
    { fix: 'Look at a dry run: most rows fail for the same reason, which is in the mappings.' },
  );
