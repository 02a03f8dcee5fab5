import { SluiceError } from '@sluice/domain/error';
import { DatabaseError } from 'pg';

/**
 * A server's refusal of a model's statement as `query_invalid` or `query_not_read_only`; `null` where the failure is
 * not about the statement. `statement` is what a position counts in, or `null` when it was wrapped in something else.
 */
export function queryFailure(thrown: unknown, statement: string | null): SluiceError | null {
  const cause = thrown instanceof SluiceError ? thrown.cause : thrown;
  if (!(cause instanceof DatabaseError) || cause.code === undefined) return null;
  const sqlState = cause.code;
  const options = { cause, details: { sqlState } };
  // Class 25: the read-only transaction refused to write, or to stop being read-only.
  if (sqlState.startsWith('25') || cause.message.startsWith('cannot insert multiple commands')) {
    return new SluiceError(
      'query_not_read_only',
      `A model may only read. ${sentence(cause.message)}`,
      options,
    );
  }
  if (!/^(42|22|21|0A|54|3F|2F|38|39|P0)/.test(sqlState) || sqlState === '42501') return null;
  const where = statement === null ? null : place(statement, Number(cause.position));
  const fix = cause.hint === undefined ? adviceFor(sqlState, where !== null) : sentence(cause.hint);
  const message = where
    ? `Line ${where.line}, column ${where.column}: ${cause.message}.`
    : sentence(cause.message);
  return new SluiceError('query_invalid', message, {
    ...options,
    ...(fix !== null && { fix }),
    details: { sqlState, ...where },
  });
}

/** What helps where the server has no hint of its own; `null`: the place in the message is help enough. */
function adviceFor(sqlState: string, placed: boolean): string | null {
  // https://www.postgresql.org/docs/current/errcodes-appendix.html (read 2026-11-22)
  if (sqlState === '42703') {
    return 'Correct the name, or bring the column back. If it was renamed at the source, rename it in the query with AS, so that the syncs still find it.';
  }
  if (sqlState === '42P01' || sqlState === '3F000') {
    return 'Check schema and name, upper and lower case too: the table may have been renamed or dropped.';
  }
  if (sqlState.startsWith('22')) {
    return 'The query fails on the values of some row: guard the expression (NULLIF, CASE), or leave such rows out.';
  }
  return placed ? null : 'Correct the query as the message of the server says.';
}

/** A statement that parses alone but not as a subquery writes, or does something else that a model may not. */
export function notAQuery(thrown: unknown): SluiceError | null {
  const failure = queryFailure(thrown, null);
  if (!failure) return null;
  return new SluiceError('query_not_read_only', `A model may only read. ${failure.message}`, {
    cause: thrown,
  });
}

/** Line and column of a one-based character position, as PostgreSQL counts it (by code point). */
function place(
  statement: string,
  position: number,
): { line: number; column: number; position: number } | null {
  if (!Number.isInteger(position) || position < 1) return null;
  const before = [...statement].slice(0, position - 1).join('');
  const lines = before.split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1, position };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const sentence = (text: string): string => (text.endsWith('.') ? capital(text) : `${capital(text)}.`);
