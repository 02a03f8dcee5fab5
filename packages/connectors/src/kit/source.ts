import type { Column } from '@sluice/domain/column';
import type { CheckResult, ConnectorCategory, SchemaTable } from '@sluice/domain/connector';
import type { ConfigField } from '@sluice/domain/field';
import type { KeyInspection, QueryEstimate, QueryPreview } from '@sluice/domain/model';
import type { ModelQuery } from '@sluice/domain/query';
import type { ConnectContext } from './context.ts';
import type { OAuthDefinition } from './oauth.ts';
import type { SourcePlanner } from './planner.ts';
import type { SpoolForm } from './spool-form.ts';

/** Values of a connector's fields, secrets in the clear. Lives only in memory while a connection is open. */
export type Configuration = Record<string, unknown>;

/** A kind of source, as data plus the one function that connects. */
export interface SourceDefinition {
  readonly slug: string;
  readonly name: string;
  readonly category: ConnectorCategory;
  readonly description: string;
  readonly docsUrl: string;
  readonly icon: string;
  readonly fields: readonly ConfigField[];
  /** Access by signing in at the vendor; the configuration then has a field of kind `grant`. */
  readonly oauth?: OAuthDefinition;
  /** Named checks in order, for people who watch "Test connection". */
  readonly checks: readonly { readonly name: string; readonly label: string }[];
  readonly capabilities: {
    readonly introspect: boolean;
    readonly cancel: boolean;
    /** Can tell what a query would cost before it runs. */
    readonly estimate?: boolean;
    /** Can compare models with ledgers by itself: has the field of `kit/planner-field.ts`, and a `planner` when it says so. */
    readonly planner?: boolean;
  };
  /** What the tests run against: `a real server`, `the vendor's driver against a server that speaks its wire`. */
  readonly testedAgainst: string;
  /** Throws `input_invalid` for values that fit their fields and still make no sense (a URL with a password). */
  readonly assertConfiguration?: (configuration: Configuration) => void;
  /** Does not connect yet; the first call that needs the network does. */
  open(configuration: Configuration, context: ConnectContext): SourceConnection;
}

/**
 * One use of a source. Every method throws SluiceError with a `source_*`, `query_*` or `egress_refused` code, and
 * stops the work on the server when the signal aborts.
 */
export interface SourceConnection {
  /** Runs the definition's checks in order; yields one result each; the ones after a failure are `skipped`. */
  check(): AsyncIterable<CheckResult>;
  /** Tables and views the user may read, at most 10,000. */
  introspect(): Promise<SchemaTable[]>;
  /** Columns of the query, without reading rows. */
  describe(query: ModelQuery): Promise<Column[]>;
  /** What running the query would cost, without running it; there only where the source can tell (`capabilities.estimate`). */
  estimate?(query: ModelQuery): Promise<QueryEstimate>;
  preview(query: ModelQuery, options: { limit: number }): Promise<QueryPreview>;
  /** Counts NULLs and duplicates of a column with one aggregate query at the source. */
  inspectKey(query: ModelQuery, column: string): Promise<KeyInspection>;
  /**
   * Writes the whole result to `path` in the canonical spool form and returns only when the source said that the
   * result is complete; throws `source_ended_early` otherwise.
   *
   * Canonical spool: UTF-8 CSV, comma, `"` quotes doubled inside, LF or CRLF never required but LF written, no header
   * line, NULL is an unquoted empty field and an empty string is `""`. Values are canonical text: booleans `true` /
   * `false`; integers and decimals in plain digits, decimals without trailing zeros; floats in the shortest form that
   * reads back the same, `NaN`, `Infinity`, `-Infinity`; dates `YYYY-MM-DD`; timestamps with a zone in UTC
   * `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`, without one the same without `Z`; binary as `\x` and hex; JSON and arrays as
   * JSON in one fixed form of the source, so that equal documents have equal text. What ISO 8601 cannot say keeps the
   * source's own form (`infinity`, `0044-03-15 BC`). A column that the result names another form for is in that form.
   */
  spool(
    query: ModelQuery,
    path: string,
    onProgress: (rows: number) => void,
    /** Told of each part that is complete while more rows are to come; where results are written in parts. */
    onPart?: (part: SpooledPart) => void,
  ): Promise<SpooledResult>;
  /** Compares models with ledgers in the source itself; there only where that was chosen. */
  readonly planner?: SourcePlanner;
  close(): Promise<void>;
}

/** One of the files of a result, complete in itself; nobody knows yet whether the result will be. */
export interface SpooledPart {
  readonly columns: readonly Column[];
  readonly forms?: readonly SpoolForm[];
  readonly path: string;
}

export interface SpooledResult {
  columns: Column[];
  /** The form of each column; missing: all are canonical. */
  forms?: readonly SpoolForm[];
  rows: number;
  bytes: number;
  /** The files of a result that was written in parts, each of whole rows; `path` is the first. Missing: it is the only one. */
  files?: readonly string[];
}
