import type { Column } from '@sluice/domain/column';

/** What is asked of the process that reads a database file. */
export type ReaderRequest =
  /** Columns of a statement, which is only prepared, with types by the rows of `sample`. */
  | { readonly ask: 'columns'; readonly sql: string; readonly sample: string }
  | {
      readonly ask: 'rows';
      readonly sql: string /** About the catalogue: it may use PRAGMA. */;
      readonly own?: true;
    }
  /** The whole result in the canonical form of `kit/source.ts`. */
  | { readonly ask: 'file'; readonly sql: string; readonly path: string };

/** Answers to a request: columns, then lines of rows or how many are in the file so far, then what there was in all. */
export type Answer =
  | { readonly columns: readonly Column[] }
  | readonly (readonly (string | null)[])[]
  | { readonly rows: number }
  | { readonly end: { readonly rows: number; readonly bytes: number } }
  | {
      readonly error: {
        /** SQLite's own number, or the system's name of it. */
        readonly code: number | string | null;
        readonly message: string;
      };
    };
