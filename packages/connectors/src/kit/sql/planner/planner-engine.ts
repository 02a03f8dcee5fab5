import type { Column } from '@sluice/domain/column';
import type { ConnectContext } from '../../context.ts';
import type { Block, SqlEngine } from '../engine.ts';

/** How a server spells what its planner is made of. The comparison and the mirror themselves are the kit's. */
export interface PlannerDialect {
  /** A table of the planner's schema, by a name of letters, digits and `_`. */
  table(name: string): string;
  /** The type of texts of any length. */
  readonly textType: string;
  /** SHA-256 of a text's UTF-8 bytes as 64 small hexadecimal digits; NULL of NULL. */
  hash(text: string): string;
  /**
   * The canonical text of a column, by its quoted name, exactly as this source's rows have it: keys and match values are
   * found by it. `null`: SQL cannot make it.
   */
  exact(name: string, column: Column): string | null;
  /**
   * SQL of what a column adds to the print of a row: never the same for two values whose canonical texts differ, at most a
   * hundred letters, `'-'` of NULL (`partOf` makes it of a text). NULL where that cannot be said of a value: its row
   * travels in every run. `null`: it cannot be said of the type.
   */
  part(name: string, column: Column): string | null;
  /** What an administrator runs to give the schema to this user: the least that the planner works with. */
  readonly grants: string;
  /** Where the schema has to be: `the database ANALYTICS`. */
  readonly place: string;
}

/**
 * A session for the planner's own tables, in which no SQL of a model ever runs. Each call counts when it has ended. Methods throw
 * like a `SqlSession`.
 */
export interface PlannerWriter {
  /** Rows of one of our own queries. */
  rows(query: string): Promise<(string | null)[][]>;
  /** Names of the tables in the planner's schema, in whatever case; `null`: there is no such schema. */
  tables(): Promise<string[] | null>;
  /** Makes an empty table of text columns. */
  create(table: string, columns: readonly string[]): Promise<void>;
  /** Rows that `append` is given at once. */
  readonly rowsAtOnce: number;
  /** Adds rows to a table made by `create`. */
  append(table: string, columns: readonly string[], rows: Block): Promise<void>;
  /**
   * Puts the rows of a query in the place of what the table holds, at once for whoever looks; the table may be missing.
   * `spare` is the name of a table that may be made on the way.
   */
  publish(table: string, query: string, spare: string): Promise<void>;
  /** Drops a table, if it is there. */
  drop(table: string): Promise<void>;
  /** Stops what is running at the server. Never throws. */
  cancel(): Promise<void>;
  /** Ends the session. Never throws. */
  end(): Promise<void>;
}

/** An engine whose server can compare rows by itself. */
export interface PlannerEngine extends SqlEngine {
  readonly planner: PlannerDialect;
  openWriter(context: ConnectContext, alive: () => void): Promise<PlannerWriter>;
}

/** What a text adds to a print: its hash. */
export const partOf = (dialect: Pick<PlannerDialect, 'hash'>, text: string): string =>
  `COALESCE(${dialect.hash(text)}, '-')`;
