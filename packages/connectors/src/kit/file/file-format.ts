import type { DestinationRecord } from '../destination.ts';
import { csvFormat } from './csv-format.ts';
import type { FileColumn } from './file-column.ts';
import type { FileSettings } from './file-settings.ts';
import { ndjsonFormat } from './ndjson-format.ts';

/** Told of a record that cannot stand in the file. */
export type Reject = (record: DestinationRecord, code: string, message: string) => void;

/** The bytes of one file, piece by piece: `begin`, `add` for each window of records, `end`. */
export interface FileFormat {
  begin(): Uint8Array;
  add(records: readonly DestinationRecord[], reject: Reject): Uint8Array;
  end(): Uint8Array;
}

/** The format that a sync chose, for one file. */
export async function openFormat(
  settings: Pick<FileSettings, 'format' | 'csv' | 'compression'>,
  columns: readonly FileColumn[],
): Promise<FileFormat> {
  switch (settings.format) {
    case 'csv':
      return csvFormat(columns, settings.csv);
    case 'ndjson':
      return ndjsonFormat(columns);
    case 'parquet': {
      // Only those who write Parquet pay for it.
      const { parquetFormat } = await import('./parquet-format.ts');
      return parquetFormat(columns, settings.compression);
    }
  }
}
