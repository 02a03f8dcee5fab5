import type { Column } from '@sluice/domain/column';
import { type Load, mapped, person } from './load.ts';

export type FileKind = 'csv' | 'ndjson' | 'parquet';

/** Rows for a file, a window of 1,000 at a time. */
export const fileLoad = (format: FileKind): Load => ({
  slug: 'amazon-s3',
  sync: {
    object: 'file',
    mode: 'insert',
    mappings: mapped({ id: 1, ...person(1) }),
    options: { format },
  },
  batchRows: 1_000,
  batches: 10,
  rows: 300_000,
  record: (number) => ({ match: null, fields: { id: number, ...person(number) } }),
});

const parquetTypes: Readonly<Record<string, Column['type']>> = {
  id: 'integer',
  amount: 'float',
  active: 'boolean',
  updated_at: 'timestamp',
};

/** The type of a column; only Parquet writes types. */
export const typeOf = (format: FileKind, name: string): Column['type'] =>
  (format === 'parquet' && parquetTypes[name]) || 'string';
