import type { Column, Value } from '@sluice/domain/column';
import type { RequestView, SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';
import type {
  BatchResult,
  DestinationRecord,
  DestinationWriter,
  RecordResult,
  WriterLimits,
} from '../destination.ts';
import { type Delivery, NotAdmitted } from '../destination.ts';
import type { FileBatch, FileResult } from '../file-batch.ts';
import { type EncodedFile, encodeFile } from './encode-file.ts';
import { fileName } from './file-name.ts';
import { readFileSettings } from './file-settings.ts';
import { FileNotStored, type FileStore } from './file-store.ts';

/** Rows of a file that is written to try a sync, and characters of it that are shown. */
const tryRowsMax = 1_000;
const sampleLength = 2_000;

/** Writes the files of a sync to a store. */
export function createFileWriter(
  store: FileStore,
  sync: SyncConfiguration,
  options: {
    readonly variables: Readonly<Record<string, Value>>;
    readonly requests: WriterLimits['requests'];
  },
): DestinationWriter {
  const { variables } = options;
  const settings = readFileSettings(sync);
  const severalClasses = Object.values(operationsOf(sync)).filter((one) => one !== null).length > 1;
  const all = sync.mode === 'all';
  const nameOf = (file: Pick<FileBatch, 'class' | 'part'>): string =>
    fileName(settings, file, { variables, severalClasses: severalClasses && !all });

  const write = async (file: FileBatch, delivery: Delivery): Promise<FileResult> => {
    const encoded = encodeFile(file, sync, { settings, variables });
    const sample = new Sample();
    const name = nameOf(file);
    const startedAt = new Date();
    try {
      const response = await store.put(name, sample.of(encoded.bytes), delivery);
      const exchange = {
        request: { ...store.view(name), body: settled(sample, encoded) },
        response,
        error: null,
        startedAt: startedAt.toISOString(),
        durationMs: Date.now() - startedAt.getTime(),
      };
      return { status: 'complete', rejected: encoded.rejected, exchanges: [exchange] };
    } catch (thrown) {
      return later(thrown, delivery);
    }
  };

  return {
    limits: { batchRowsMax: tryRowsMax, concurrency: 1, requests: options.requests },
    mixedBatches: false,
    files: { rowsMax: settings.rowsMax, write },
    async deliver(batch, delivery): Promise<BatchResult> {
      const [first] = batch;
      if (!first) return { results: [], exchanges: [] };
      const result = await write(fileOf(first, batch), delivery);
      const { exchanges } = result;
      if (result.status !== 'complete') {
        const { exchanges: _, ...one } = result;
        return { results: batch.map(() => one), exchanges };
      }
      const rejected = new Map(result.rejected.map(({ record, ...reason }) => [record, reason]));
      const results = batch.map((record): RecordResult => {
        const reason = rejected.get(record);
        return reason ? { status: 'rejected', ...reason } : { status: 'delivered' };
      });
      return { results, exchanges };
    },
    async preview(batch): Promise<RequestView[]> {
      const [first] = batch;
      if (!first) return [];
      const file = fileOf(first, batch);
      // Parquet is nothing to read: its rows are shown as lines of JSON.
      const readable = { ...settings, compression: 'none' as const };
      const shown = settings.format === 'parquet' ? { ...readable, format: 'ndjson' as const } : readable;
      const chunks: Uint8Array[] = [];
      for await (const bytes of encodeFile(file, sync, { settings: shown, variables }).bytes)
        chunks.push(bytes);
      return [{ ...store.view(nameOf(file)), body: Buffer.concat(chunks).toString('utf8') }];
    },
    close: () => store.close(),
  };
}

/** What became of a file that is not there. */
function later(thrown: unknown, delivery: Delivery): FileResult {
  const exchanges: [] = [];
  if (thrown instanceof FileNotStored) {
    const { code, message, afterMs, inDoubt } = thrown;
    return {
      ...{ status: 'retry', code, message, exchanges, inDoubt },
      ...(afterMs !== undefined && { afterMs }),
    };
  }
  if (thrown instanceof NotAdmitted || delivery.signal.aborted) {
    return { status: 'retry', code: 'not_sent', message: 'The run was stopped.', exchanges };
  }
  throw thrown;
}

/** A few rows as a file of their own. */
const fileOf = (first: DestinationRecord, batch: readonly DestinationRecord[]): FileBatch => ({
  class: first.class,
  part: { number: 1, of: 1 },
  columns: columnsOf(first),
  rows: async function* () {
    yield batch;
  },
});

/** Without a plan, the values say what they are. */
const columnsOf = ({ row }: DestinationRecord): Column[] =>
  Object.entries(row).map(([name, value]) => ({ name, type: typeOfValue(value), nativeType: '' }));

function typeOfValue(value: Value): Column['type'] {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'bigint' || Number.isInteger(value)) return 'integer';
  return typeof value === 'number' ? 'float' : 'string';
}

/** The first bytes of a file, for people. */
class Sample {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  async *of(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const bytes of source) {
      if (this.length < sampleLength) {
        this.chunks.push(bytes.slice(0, sampleLength));
        this.length += bytes.length;
      }
      yield bytes;
    }
  }

  /** `null` where the bytes are no text. */
  text(): string | null {
    const bytes = Buffer.concat(this.chunks).subarray(0, sampleLength);
    return bytes.includes(0) || bytes[0] === 0x1f || bytes[0] === 0x28 ? null : bytes.toString('utf8');
  }
}

function settled(sample: Sample, { rows, size }: EncodedFile): string {
  const text = sample.text();
  const facts = `${rows.toLocaleString('en-US')} rows, ${size.toLocaleString('en-US')} bytes`;
  if (text === null || size === 0) return facts;
  return size > sampleLength ? `${text}\n… ${facts}` : text;
}
