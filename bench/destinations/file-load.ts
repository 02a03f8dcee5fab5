import { type Load, mapped, person } from './load.ts';

export type FileKind = 'csv' | 'ndjson';

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
