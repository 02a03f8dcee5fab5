import type { TableName } from './table-id.ts';

/** A column of a table that may be written. */
export interface TableColumn {
  readonly name: string;
  /** As people know it: `character varying(10)`. */
  readonly nativeType: string;
  /**
   * The type to cast text to: without a length, and of a domain the type below. An explicit cast to `varchar(10)`
   * would cut silently; the assignment to the column refuses instead.
   */
  readonly castType: string;
  /** How a list or an object becomes text: as JSON, as an array literal. */
  readonly shape: 'scalar' | 'json' | 'array';
  /** `typcategory` of the type: https://www.postgresql.org/docs/current/catalog-pg-type.html */
  readonly category: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** The server makes the value and takes none of ours. */
  readonly generated: boolean;
  /** Under a unique index of its own that covers every row. */
  readonly unique: boolean;
}

export interface Table extends TableName {
  /** Rewrites statements by rules, which COPY does not follow. */
  readonly hasRules: boolean;
  readonly columns: readonly TableColumn[];
  /** What the user may do, by table. */
  readonly may: Readonly<Record<'select' | 'insert' | 'update' | 'delete', boolean>>;
}
