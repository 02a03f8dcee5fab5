import type { Column } from '@sluice/domain/column';
import type { SchemaTable } from '@sluice/domain/connector';
import type { QueryEstimate } from '@sluice/domain/model';
import type { ConnectContext } from '../context.ts';
import type { SpooledResult } from '../source.ts';

/** Rows as canonical text (see `kit/source.ts`), `null` for NULL. */
export type Block = readonly (readonly (string | null)[])[];

/** The result of one statement, on its way. */
export interface SqlResult {
  readonly columns: readonly Column[];
  /**
   * Blocks of rows, read no faster than they are taken. Ends only when the server has said that the result is
   * complete, and throws otherwise: `source_ended_early` when the connection broke.
   */
  readonly blocks: AsyncIterable<Block>;
}

/** One session at a server that answers SQL. Methods throw SluiceErrors with `source_*` or `query_*` codes. */
export interface SqlSession {
  /** Runs exactly one statement; the server, not we, refuses a second one. */
  query(statement: string): Promise<SqlResult>;
  /** Columns of a statement, without reading rows. `null`: the server cannot say; ask for no rows of it instead. */
  describe?(statement: string): Promise<Column[]>;
  /** What a statement would cost, where the server can tell without running it. */
  estimate?(statement: string): Promise<QueryEstimate>;
  /**
   * Writes the whole result of a statement, whose columns were described, to `path` as `kit/source.ts` has it, where the server
   * has a better way for large results than `query`. `null`: not for this one.
   */
  spool?(
    statement: string,
    columns: readonly Column[],
    path: string,
    onProgress: (rows: number) => void,
  ): Promise<SpooledResult | null>;
  /** Tables and views that may be read, at most 10,000, by schema and name. */
  introspect(): Promise<SchemaTable[]>;
  /** Stops what is running at the server. Never throws. */
  cancel(): Promise<void>;
  /** Ends the session, and what is still running. Never throws; safe to call twice. */
  end(): Promise<void>;
}

/** How a server spells what we ask of it. */
export interface SqlDialect {
  /** Quotes a name; the only way names given by users get into a statement. */
  quote(name: string): string;
  /** A table of a schema. */
  table(schema: string, table: string): string;
  /** The first rows of a statement. */
  limited(statement: string, limit: number): string;
  /** A column, by its quoted name, as text that is equal for equal keys and differs for others. */
  text(name: string, column: Column): string;
  /** SQL that makes text to read of what `text` made, where that is something else. */
  shown?(text: string): string;
  /** Whether a backslash in a string hides the quote behind it. */
  readonly backslashes?: boolean;
}

/** What a connector brings so that `createSqlSource` makes a source of it. */
export interface SqlEngine {
  readonly dialect: SqlDialect;
  /** Whether its sessions have `estimate`. */
  readonly estimates?: true;
  /**
   * Connects and signs in, for reading only where the server can enforce it. `signal` ends all of it. `alive` is to be called
   * while a server is waited for that says that it will answer, such as one that is starting.
   */
  open(context: ConnectContext, alive: () => void): Promise<SqlSession>;
}
