import type { Readable } from 'node:stream';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { Connection, RowStatement } from 'snowflake-sdk';
import { abortError } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { Block, SqlResult, SqlSession } from '../../kit/sql/engine.ts';
import { type CellReader, cellReader, outputFormats } from './cell-reader.ts';
import type { SnowflakeSettings } from './configuration.ts';
import { connectSnowflake, endSnowflake } from './connect.ts';
import { snowflakeError } from './error.ts';
import { introspect } from './introspect.ts';

const blockRows = 1_000;

/** A session whose statements may carry rows. */
export interface SnowflakeSession extends SqlSession {
  /** `rows`: for the `?` of an INSERT, one after the other. */
  query(statement: string, rows?: Block): Promise<SqlResult>;
}

/** Opens a session whose values come in one form, whatever the account's and the user's own settings are. */
export async function openSnowflakeSession(
  settings: SnowflakeSettings,
  context: ConnectContext,
): Promise<SnowflakeSession> {
  const connection = await connectSnowflake(settings, context);
  let running: RowStatement | null = null;
  let reading: SnowflakeRows | null = null;
  let ended = false;
  const session: SnowflakeSession = {
    async query(statement, rows) {
      if (context.signal.aborted) throw abortError(context.signal);
      const { statement: answered, result } = await run(
        connection,
        { text: statement, rows },
        settings,
        (started) => {
          running = started;
        },
      );
      running = answered;
      reading = result;
      return result;
    },
    introspect: () => introspect(session, settings),
    cancel: async () => {
      await cancel(running);
    },
    end: async () => {
      if (ended) return;
      ended = true;
      // The driver goes on asking for chunks for minutes, whoever still wants them.
      reading?.stop();
      endSnowflake(connection);
    },
  };
  try {
    const formats = Object.entries(outputFormats).map(([name, value]) => `${name} = '${value}'`);
    await session.query(`ALTER SESSION SET ${formats.join(' ')}`);
    return session;
  } catch (thrown) {
    await session.end();
    throw thrown;
  }
}

/** Asks the server to stop. Never throws. */
function cancel(statement: RowStatement | null): Promise<void> {
  return new Promise((resolve) => {
    if (!statement) return resolve();
    try {
      statement.cancel(() => resolve());
    } catch {
      resolve();
    }
  });
}

/** Resolves when the server has described the result; rows are read as they are taken. */
function run(
  connection: Connection,
  { text, rows }: { readonly text: string; readonly rows: Block | undefined },
  settings: SnowflakeSettings,
  started: (statement: RowStatement) => void,
): Promise<{ statement: RowStatement; result: SnowflakeRows }> {
  return new Promise((resolve, reject) => {
    const begun = connection.execute({
      sqlText: text,
      // The driver sends NULL as it is; its types do not know it.
      ...(rows && { binds: rows as string[][] }),
      streamResult: true,
      complete: (error, statement) => {
        if (error) return reject(snowflakeError(error, settings));
        const answered = statement as RowStatement;
        resolve({ statement: answered, result: resultOf(answered) });
      },
    });
    started(begun as RowStatement);
  });
}

interface SnowflakeRows extends SqlResult {
  stop(): void;
}

function resultOf(statement: RowStatement): SnowflakeRows {
  const described = statement.getColumns() ?? [];
  const readers = described.map(cellReader);
  const columns: Column[] = described.map((column, index) => {
    const { type, nativeType } = readers[index] as CellReader;
    return { name: column.getName(), type, nativeType };
  });
  let stream: Readable | null = null;
  const open = (): Readable => {
    stream = statement.streamRows();
    return stream;
  };
  return {
    columns,
    blocks: blocksOf(statement.getNumRows(), open, readers),
    stop: () => stream?.destroy(new Error('the session has ended')),
  };
}

async function* blocksOf(
  promised: number,
  open: () => Readable,
  readers: readonly CellReader[],
): AsyncGenerator<Block> {
  let seen = 0;
  let block: (string | null)[][] = [];
  try {
    for await (const row of open()) {
      block.push(cellsOf(row as unknown[], readers));
      seen += 1;
      if (block.length < blockRows) continue;
      yield block;
      block = [];
    }
  } catch (cause) {
    throw endedEarly(seen, promised, cause);
  }
  if (seen !== promised) throw endedEarly(seen, promised);
  if (block.length > 0) yield block;
}

const endedEarly = (seen: number, promised: number, cause?: unknown): SluiceError =>
  new SluiceError(
    'source_ended_early',
    `Snowflake announced ${promised} rows, but only ${seen} could be fetched; nothing was planned from them.`,
    { cause },
  );

function cellsOf(row: readonly unknown[], readers: readonly CellReader[]): (string | null)[] {
  return row.map((cell, index) =>
    cell === null || cell === undefined ? null : (readers[index] as CellReader).read(cell),
  );
}
