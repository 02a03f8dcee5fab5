import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import { textLines } from '../../../kit/http/text-lines.ts';
import { sqliteFailure } from '../query-failure.ts';
import type { Answer, ReaderRequest } from './wire.ts';

export interface Reading {
  readonly columns: readonly Column[];
  /** What follows: lines of rows, or how many are in the file so far. Throws unless the last one was said to be the last. */
  readonly progress: AsyncGenerator<readonly (readonly (string | null)[])[] | number, Total, undefined>;
}

export interface Total {
  readonly rows: number;
  readonly bytes: number;
}

/** A process that reads one database file, one request after the other. */
export interface Reader {
  /** Throws `query_invalid`, `query_not_read_only`, `source_failed`, `storage_full`. The rows of the request before must have been read. */
  read(request: ReaderRequest): Promise<Reading>;
  /** Ends the process, whatever it does. Never throws; safe to call twice. */
  stop(): Promise<void>;
}

const program = join(dirname(fileURLToPath(import.meta.url)), 'read-database.ts');

/** Starts a reader of the file at `path`. Sorting that does not fit into memory goes to `folder`. */
export function startReader(path: string, folder: string): Reader {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--max-old-space-size=256', program, path],
    // Nothing of this process's environment: keys and passwords stand in it.
    {
      env: { NODE_ENV: 'production', TZ: 'UTC', SQLITE_TMPDIR: folder },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  );
  const gone = Promise.withResolvers<void>();
  child.once('close', () => gone.resolve());
  child.once('error', () => gone.resolve());
  const pipe = child.stdio[3] as Duplex;
  // A process that is gone says so by the end of its answers.
  pipe.on('error', () => {});
  const answers = answersOf(pipe);
  const next = async (): Promise<Answer> => {
    const { value, done } = await answers.next();
    if (done)
      throw new SluiceError('source_ended_early', 'The process that reads the database file has ended.', {
        fix: 'Try again. If it ends again, the query needs more memory than it gets, or the file is damaged.',
      });
    if ('error' in value) throw sqliteFailure(value.error);
    return value;
  };
  return {
    async read(request) {
      pipe.write(`${JSON.stringify(request)}\n`);
      const first = await next();
      if (!('columns' in first)) throw new Error('the reader begins with columns');
      return { columns: first.columns, progress: following(next) };
    },
    async stop() {
      child.kill('SIGKILL');
      pipe.destroy();
      await gone.promise;
    },
  };
}

async function* following(next: () => Promise<Answer>): Reading['progress'] {
  let rows = 0;
  for (;;) {
    const answer = await next();
    if ('end' in answer) {
      if (rows > 0 && answer.end.rows !== rows)
        throw new Error(`the reader sent ${rows} of ${answer.end.rows} rows`);
      return answer.end;
    }
    if ('rows' in answer) yield answer.rows;
    else if (!('columns' in answer) && !('error' in answer)) {
      rows += answer.length;
      yield answer;
    }
  }
}

async function* answersOf(pipe: AsyncIterable<Uint8Array>): AsyncGenerator<Answer, undefined> {
  try {
    for await (const line of textLines(pipe)) if (line !== '') yield JSON.parse(line) as Answer;
  } catch (thrown) {
    // Cut off by `stop`: the same as its end.
    if (
      !(thrown instanceof SyntaxError) &&
      (thrown as { code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE'
    )
      throw thrown;
  }
}
