/** Column types that every source maps its own types to. */
export const columnTypes = [
  'boolean',
  'integer',
  'decimal',
  'float',
  'string',
  'date',
  'time',
  'timestamp',
  'json',
  'array',
  'binary',
  'unknown',
] as const;
export type ColumnType = (typeof columnTypes)[number];

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** The source's own name of the type, for people: `numeric(10,2)`. */
  readonly nativeType: string;
}

/**
 * A value as mappings and destinations see it. Integers beyond 2^53 are `bigint`; decimals that a double cannot
 * hold exactly stay text, so that no digit is ever lost.
 */
export type Value = null | boolean | number | bigint | string | Value[] | { [key: string]: Value };

/** A row of a model, by column name. */
export type Row = Record<string, Value>;
