import { z } from 'zod';
import { Id } from './id.ts';

/** The names in a source. Columns are asked for where they are needed: 10,000 tables have megabytes of them. */
export interface SourceOutline {
  readonly readAt: Date;
  readonly schemas: readonly {
    readonly name: string;
    readonly tables: readonly string[];
    readonly views: readonly string[];
  }[];
}

/** Tables that a search finds by their columns. */
export interface ColumnMatches {
  readonly tables: readonly {
    readonly schema: string;
    readonly name: string;
    readonly columns: readonly string[];
  }[];
  /** All that match, also those beyond the limit. */
  readonly total: number;
}

const ident = z.string().max(1_000);

export const FindTable = z.strictObject({ id: Id, schema: ident, name: ident });
export type FindTable = z.infer<typeof FindTable>;

export const SearchColumns = z.strictObject({ id: Id, search: z.string().max(200) });
export type SearchColumns = z.infer<typeof SearchColumns>;

/** The words of a search, in lower case. */
export const searchWords = (text: string): string[] => text.trim().toLowerCase().split(/\s+/).filter(Boolean);
