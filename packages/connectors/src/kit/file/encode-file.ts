import type { Value } from '@sluice/domain/column';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { FileBatch, RejectedRecord } from '../file-batch.ts';
import { compress } from './compress.ts';
import { fileColumns } from './file-column.ts';
import { openFormat } from './file-format.ts';
import type { FileSettings } from './file-settings.ts';

/** A file while it is written. What is known of it is complete when its bytes have been read to the end. */
export interface EncodedFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly rejected: readonly RejectedRecord[];
  readonly rows: number;
  readonly size: number;
}

/** Turns rows into the bytes of a file, a window at a time. */
export function encodeFile(
  file: Pick<FileBatch, 'columns' | 'rows'>,
  sync: SyncConfiguration,
  context: { readonly settings: FileSettings; readonly variables: Readonly<Record<string, Value>> },
): EncodedFile {
  const { settings, variables } = context;
  const rejected: RejectedRecord[] = [];
  const count = { rows: 0, size: 0 };
  const { operationColumn } = settings;
  const columns = fileColumns(sync, file.columns, { variables, operationColumn });

  const encoded = async function* (): AsyncGenerator<Uint8Array> {
    const format = await openFormat(settings, columns);
    const begin = format.begin();
    if (begin.length > 0) yield begin;
    for await (const records of file.rows()) {
      const before = rejected.length;
      const bytes = format.add(records, (record, code, message) => rejected.push({ record, code, message }));
      count.rows += records.length - (rejected.length - before);
      if (bytes.length > 0) yield bytes;
    }
    const end = format.end();
    if (end.length > 0) yield end;
  };
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    // Parquet compresses its pages itself.
    const whole = settings.format === 'parquet' ? 'none' : settings.compression;
    for await (const bytes of compress(encoded(), whole)) {
      count.size += bytes.length;
      yield bytes;
    }
  };
  return {
    bytes: counted(),
    rejected,
    get rows() {
      return count.rows;
    },
    get size() {
      return count.size;
    },
  };
}
