import { SluiceError } from '@sluice/domain/error';
import { errorCode } from '../egress-failure.ts';

/** A failure of DuckDB as a SluiceError: about the query where the query can mend it. */
export function queryFailure(thrown: unknown): unknown {
  if (thrown instanceof SluiceError || !(thrown instanceof Error) || errorCode(thrown) !== null)
    return thrown;
  const said = thrown.message.replace(/^failed to extract statements: /i, '');
  const [, kind = '', words = said] = /^([A-Z][\w ]*?) Error: ([\s\S]*)$/.exec(said) ?? [];
  const cause = thrown;
  if (kind === 'Permission') {
    return new SluiceError(
      'query_not_read_only',
      'A model cannot reach other files, the network or settings.',
      {
        cause,
      },
    );
  }
  if (kind === 'Out of Memory') {
    return new SluiceError(
      'source_failed',
      'The query needs more memory than the queries of this source get.',
      {
        fix: 'Read fewer columns or rows, or aggregate less at once.',
        cause,
      },
    );
  }
  if (kind === 'IO') {
    return /No space|write all bytes/.test(words)
      ? new SluiceError('storage_full', 'The disk filled up while the rows were being read.', { cause })
      : new SluiceError('source_failed', `The data could not be read. ${readable(words)}`, { cause });
  }
  if (kind === 'INTERNAL' || kind === 'FATAL') {
    return new SluiceError('source_failed', 'DuckDB failed on this query.', {
      fix: 'Write the query in another way.',
      cause,
    });
  }
  return new SluiceError('query_invalid', readable(words), { cause });
}

/** DuckDB draws the place below its message: a line `LINE 2: …` and a caret under the column. */
function readable(words: string): string {
  const drawing = /\n+LINE (\d+): (.*)\n( *)\^[\s\S]*$/.exec(words);
  const message = words
    .slice(0, drawing?.index)
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[.!]?$/, '.');
  if (!drawing) return message;
  const [, line = '', shown = '', indent = ''] = drawing;
  // A long line is shown from its middle: its columns cannot be told then.
  const column = shown.startsWith('...') ? null : indent.length - `LINE ${line}: `.length + 1;
  return `Line ${line}${column === null ? '' : `, column ${column}`}: ${message}`;
}
