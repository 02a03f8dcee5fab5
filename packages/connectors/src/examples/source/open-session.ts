import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import { abortError } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { type GuardedStream, openGuardedStream } from '../../kit/http/guarded-stream.ts';
import { textLines } from '../../kit/http/text-lines.ts';
import type { Block, SqlResult, SqlSession } from '../../kit/sql/engine.ts';
import { readAll } from '../../kit/sql/sql-source.ts';
import { type CellReader, cellReader } from './cell-reader.ts';
import type { ExampleSettings } from './configuration.ts';
import { exampleError, refusal } from './error.ts';
import { introspect } from './introspect.ts';

const blockRows = 1_000;

/** Signs in, so that a wrong token or a silent server is known before any statement. */
export async function openExampleSession(
  settings: ExampleSettings,
  context: ConnectContext,
): Promise<SqlSession> {
  const ending = new AbortController();
  const open = new Set<GuardedStream>();
  const ask = async (statement: string, silenceMs: number, describe = false): Promise<SqlResult> => {
    const stream = await openGuardedStream(context, {
      method: 'POST',
      url: new URL(describe ? '/describe' : '/query', settings.url),
      headers: { authorization: `Bearer ${settings.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ statement }),
      silenceMs,
      signal: AbortSignal.any([context.signal, ending.signal]),
    }).catch((thrown: unknown) => {
      if (context.signal.aborted) throw abortError(context.signal);
      throw exampleError(thrown, settings);
    });
    open.add(stream);
    if (stream.status !== 200) throw await refusal(stream, settings);
    return resultOf(stream, settings, context);
  };
  const queryMs = context.timeouts.queryMs ?? 60 * 60 * 1_000;
  const session: SqlSession = {
    query: (statement) => ask(statement, queryMs),
    describe: async (statement) => [...(await ask(statement, queryMs, true)).columns],
    introspect: () => introspect(session),
    // The server stops a statement whose connection is gone. Where it does not, tell it here.
    cancel: async () => ending.abort(),
    end: async () => {
      ending.abort();
      for (const stream of open) await stream.close();
    },
  };
  try {
    await readAll(await ask('SELECT 1 AS one', context.timeouts.connectMs));
    return session;
  } catch (thrown) {
    await session.end();
    throw thrown;
  }
}

/** The first line names the columns, the last one says how many rows there were: without it the result is not whole. */
async function resultOf(
  stream: GuardedStream,
  settings: ExampleSettings,
  context: ConnectContext,
): Promise<SqlResult> {
  const lines = textLines(stream.body);
  const next = () =>
    lines.next().catch((thrown: unknown) => {
      if (context.signal.aborted) throw abortError(context.signal);
      throw exampleError(thrown, settings, { answering: true });
    });
  const first = await next();
  if (first.done) throw endedEarly();
  const described = (JSON.parse(first.value) as { columns: { name: string; type: string }[] }).columns;
  const readers = described.map(({ type }) => cellReader(type));
  const columns = described.map(
    ({ name, type }, index): Column => ({ name, nativeType: type, type: readers[index]?.type ?? 'unknown' }),
  );
  async function* blocks(): AsyncGenerator<Block> {
    let rows: (string | null)[][] = [];
    for (;;) {
      const line = await next();
      if (line.done) throw endedEarly();
      const read = JSON.parse(line.value) as (string | null)[] | { rows: number };
      if (!Array.isArray(read)) break;
      rows.push(
        read.map((cell, index) => (cell === null ? null : (readers[index] as CellReader).read(cell))),
      );
      if (rows.length < blockRows) continue;
      yield rows;
      rows = [];
    }
    if (rows.length > 0) yield rows;
  }
  return { columns, blocks: blocks() };
}

const endedEarly = () => new SluiceError('source_ended_early', 'The result of the source was not whole.');
