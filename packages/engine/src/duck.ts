import { join } from 'node:path';
import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { SluiceError } from '@sluice/domain/error';

/** DuckDB as the engine uses it: a few statements over files, in bounded memory, spilling to the work directory. */
export interface Duck {
  /** Longest row that a spool file may have; its read buffer holds two. */
  readonly rowBytesMax: number;
  /** Runs one statement; answers how many rows it wrote. */
  run(sql: string): Promise<number>;
  /** Rows of a small result, as arrays by column position. */
  rows(sql: string): Promise<Cell[][]>;
  /** Columns of a result that is at most a few thousand rows. */
  columns(sql: string): Promise<Cell[][]>;
  appender(table: string): Promise<DuckDBAppender>;
  close(): void;
}

export type Cell = string | number | boolean | null;

/**
 * Opens an in-memory instance that spills to `workDirectory`. A statement that is running when the signal aborts ends
 * early and throws the signal's reason. Lack of memory or disk throws `storage_full`.
 */
export async function openDuck(options: {
  readonly workDirectory: string;
  readonly memoryLimitMb: number;
  readonly threads: number;
  readonly signal?: AbortSignal;
}): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${options.memoryLimitMb}MB`,
    threads: String(threadsOf(options)),
    temp_directory: join(options.workDirectory, 'spill'),
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const interrupt = (): void => connection.interrupt();
  options.signal?.addEventListener('abort', interrupt, { once: true });
  const guarded = <Result>(work: () => Promise<Result>): Promise<Result> =>
    guard(work, options.signal, rowBytesMax);
  const rowBytesMax = rowBytesOf(options.memoryLimitMb);
  return {
    rowBytesMax,
    run: (sql) => guarded(async () => (await connection.run(sql)).rowsChanged),
    rows: (sql) => guarded(async () => (await connection.runAndReadAll(sql)).getRowsJS() as Cell[][]),
    columns: (sql) => guarded(async () => readColumns(connection, sql)),
    appender: (table) => connection.createAppender(table),
    close() {
      options.signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A thread that joins or sorts wants this much memory to itself. */
const threadMemoryMb = 128;

const mebibyte = 1024 * 1024;

/** A sixteenth of the memory, so that the read buffers leave room for the rest; 1 to 16 MB. */
const rowBytesOf = (memoryLimitMb: number): number =>
  mebibyte * Math.max(1, Math.min(16, Math.floor(memoryLimitMb / 16)));

const threadsOf = (options: { memoryLimitMb: number; threads: number }): number =>
  Math.max(1, Math.min(options.threads, Math.floor(options.memoryLimitMb / threadMemoryMb)));

async function readColumns(connection: DuckDBConnection, sql: string): Promise<Cell[][]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getColumnsJS() as Cell[][];
}

async function guard<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal | undefined,
  rowBytesMax: number,
): Promise<Result> {
  signal?.throwIfAborted();
  try {
    return await work();
  } catch (cause) {
    signal?.throwIfAborted();
    throw duckError(cause, rowBytesMax);
  }
}

/** DuckDB's own words may quote rows, so they stay in `cause`. */
function duckError(cause: unknown, rowBytesMax: number): SluiceError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/Out of Memory|No space left|ENOSPC|disk (?:is )?full|max_temp_directory_size/i.test(message)) {
    return new SluiceError(
      'storage_full',
      'The rows do not fit into the work directory or the memory for staging.',
      {
        cause,
        fix: 'Free disk space in the data directory, or raise the memory for staging, and run again.',
      },
    );
  }
  if (/maximum line size|maximum_line_size|max_line_size/i.test(message)) {
    return new SluiceError(
      'query_invalid',
      `A row of the model is larger than ${rowBytesMax / mebibyte} MB.`,
      {
        cause,
        fix: 'Leave out or shorten the large column, or raise the memory for staging.',
      },
    );
  }
  if (/CSV Error/i.test(message)) {
    return new SluiceError('source_ended_early', 'The result of the model arrived damaged or cut.', {
      cause,
    });
  }
  return new SluiceError('internal', 'The rows could not be compared.', { cause });
}
