import { join } from 'node:path';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { SluiceError } from '@sluice/domain/error';
import { takeInstance } from './duck-instances.ts';

/** DuckDB as the engine uses it: a few statements over files, in bounded memory, spilling to the work directory. */
export interface Duck {
  /** Longest row that a spool file may have; its read buffer holds two. */
  readonly rowBytesMax: number;
  /** Runs one statement; answers how many rows it wrote. */
  run(sql: string): Promise<number>;
  /** Rows of a small result, as arrays by column position. */
  rows(sql: string): Promise<Cell[][]>;
  /** Columns of a result that is at most a few thousand rows: texts, booleans, 32-bit integers. */
  columns(sql: string): Promise<Cell[][]>;
  appender(table: string): Promise<DuckDBAppender>;
  /** From here on statements go over many rows: more than one thread, where there are more. */
  widen(): Promise<void>;
  /** The same files are read again and again: keeps what they say of themselves in memory until `close`. */
  rememberFiles(): Promise<void>;
  /** Ends what is still running; nothing can be asked afterwards. */
  close(): void;
}

/** Whether rows are more than one thread deals with at once (`Duck.widen`). */
export const isMuch = ({ size, bytes = 0 }: { readonly size: number; readonly bytes?: number }): boolean =>
  size > 5_000 || bytes > mebibyte;

/** A BLOB comes as bytes of its own. */
export type Cell = string | number | boolean | Uint8Array | null;

/**
 * Opens an in-memory instance that spills to `workDirectory`, with one thread until `widen`. A statement that is running when the signal aborts ends
 * early and throws the signal's reason. Lack of memory or disk throws `storage_full`.
 */
export async function openDuck(options: {
  readonly workDirectory: string;
  readonly memoryLimitMb: number;
  readonly threads: number;
  readonly signal?: AbortSignal;
}): Promise<Duck> {
  const instance = await takeInstance({
    memoryLimitMb: options.memoryLimitMb,
    threads: threadsOf(options),
    spillDirectory: join(options.workDirectory, 'spill'),
  });
  const { connection } = instance;
  let clean = true;
  let closed = false;
  let running = 0;
  const interrupt = (): void => connection.interrupt();
  options.signal?.addEventListener('abort', interrupt, { once: true });
  const giveBack = (): void => instance.give(clean && !options.signal?.aborted);
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (closed) throw new SluiceError('internal', 'DuckDB was closed before this statement.');
    running += 1;
    try {
      return await guard(work, options.signal, rowBytesMax);
    } catch (thrown) {
      clean = false;
      throw thrown;
    } finally {
      running -= 1;
      if (closed && running === 0) giveBack();
    }
  };
  const rowBytesMax = rowBytesOf(options.memoryLimitMb);
  return {
    rowBytesMax,
    run: (sql) =>
      guarded(async () => {
        if (staysBehind.test(sql)) throw new Error(`what is not TEMP would meet the next run: ${sql}`);
        return (await connection.run(sql)).rowsChanged;
      }),
    rows: (sql) => guarded(async () => (await connection.runAndReadAll(sql)).getRowsJS() as Cell[][]),
    columns: (sql) => guarded(async () => readColumns(connection, sql)),
    appender: (table) => guarded(() => connection.createAppender(table)),
    widen: () => guarded(() => instance.widen()),
    async rememberFiles() {
      // What is remembered stays in the instance, which therefore is not given to the next run.
      clean = false;
      await guarded(() => connection.run('SET parquet_metadata_cache = true'));
    },
    close() {
      options.signal?.removeEventListener('abort', interrupt);
      if (closed) return;
      closed = true;
      // A connection that is closed under its statement takes the process with it: rows may still be read ahead.
      if (running > 0) interrupt();
      else giveBack();
    },
  };
}

/** A thread that joins or sorts wants this much memory to itself. */
const threadMemoryMb = 64;

/** An instance goes from run to run; what is temporary goes with its connection. */
const staysBehind = /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW|SEQUENCE|SCHEMA|MACRO|TYPE)\b/i;

const mebibyte = 1024 * 1024;

/** A sixteenth of the memory, so that the read buffers leave room for the rest; 1 to 16 MB. */
const rowBytesOf = (memoryLimitMb: number): number =>
  mebibyte * Math.max(1, Math.min(16, Math.floor(memoryLimitMb / 16)));

const threadsOf = (options: { memoryLimitMb: number; threads: number }): number =>
  Math.max(1, Math.min(options.threads, Math.floor(options.memoryLimitMb / threadMemoryMb)));

async function readColumns(connection: DuckDBConnection, sql: string): Promise<Cell[][]> {
  const reader = await connection.runAndReadAll(sql);
  // Texts, booleans and 32-bit integers are plain values already: to convert each of them would cost a fifth more.
  return reader.getColumns() as Cell[][];
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
  if (
    /Out of Memory|No space left|File too large|ENOSPC|disk (?:is )?full|max_temp_directory_size/i.test(
      message,
    )
  ) {
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
        details: { rowBytesMax },
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
