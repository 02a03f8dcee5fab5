import type { ColumnType } from '@sluice/domain/column';
import type { ModelQuery } from '@sluice/domain/query';
import type { ConnectContext } from '../kit/context.ts';
import type { Configuration } from '../kit/source.ts';
import type { Places } from './connector-cases.ts';

/** What a value is, apart from how a dialect writes it. */
export type Literal =
  | { readonly kind: 'boolean'; readonly given: boolean }
  | {
      readonly kind: 'integer';
      readonly given: string;
      readonly bits: 8 | 16 | 32 | 64 | 128 | 256;
      readonly unsigned?: boolean;
    }
  | { readonly kind: 'decimal'; readonly given: string; readonly precision: number; readonly scale: number }
  | { readonly kind: 'float'; readonly given: string; readonly bits: 32 | 64 }
  | { readonly kind: 'string'; readonly given: string }
  | { readonly kind: 'date' | 'time'; readonly given: string }
  /** Without a zone; `digits` of a second. */
  | { readonly kind: 'timestamp'; readonly given: string; readonly digits: 0 | 3 | 6 | 9 }
  /** A moment, written with its offset: `2026-02-28 01:02:03+05:30`. */
  | { readonly kind: 'instant'; readonly given: string; readonly digits: 0 | 3 | 6 | 9 }
  | { readonly kind: 'binary' /** Hexadecimal digits. */; readonly given: string }
  | {
      readonly kind: 'array';
      readonly of: 'integer' | 'string' | 'array' /** JSON. */;
      readonly given: string;
    }
  | { readonly kind: 'json'; readonly given: string };

/**
 * How a source is asked the questions of all sources. What its dialect cannot say is `null`, and is then not asked; what it
 * says in another type or text than the others stands in `otherwise`, with the reason beside it.
 */
export interface SourceSpeech {
  /** SQL of a value; `null` where the dialect has no such value. */
  literal(value: Literal): string | null;
  /** SQL of NULL of a type; `null` where the dialect has no such type. */
  typedNull(kind: Literal['kind']): string | null;
  /** A name in the dialect's quotes. */
  quote(name: string): string;
  /** What follows a SELECT list of constants, where the dialect wants something there. */
  readonly from?: string;
  /** A statement with a column `n` that counts from 1. */
  numbers(count: number): string;
  /** A statement that runs for minutes unless it is stopped; `null` where the tests of the source have their own. */
  readonly slow: string | null;
  /** Statements that write, or reach what is not the source's: each must be refused. */
  readonly forbidden: readonly string[];
  /** Names that a column cannot have, and why. */
  readonly cannotName?: Readonly<Record<string, string>>;
  /** Why columns of one name are not refused: what stands behind the driver here gives them other names. */
  readonly cannotRefuseDuplicates?: string;
  /** Questions, by name, to which this source has its own answer. */
  readonly otherwise?: Readonly<Record<string, Answer>>;
  /** A table that is there before the questions are asked, with a column whose values are all different. */
  readonly table: {
    readonly query: Extract<ModelQuery, { queryType: 'table' }>;
    readonly key: string;
    readonly rows: number;
  };
  /** Makes the table. Runs once, before the questions. */
  prepare?(places: Places, context: ConnectContext): Promise<void>;
  /** Where the server listens, and a configuration that reaches it at another port; missing: no connection can break. */
  through?(places: Places): { readonly port: number; at(port: number): Configuration };
}

export interface Answer {
  readonly type?: ColumnType;
  readonly text?: string | null;
  readonly because: string;
}

export const singleQuoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
