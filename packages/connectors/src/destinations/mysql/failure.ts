import { SluiceError } from '@sluice/domain/error';
import type { MysqlSession } from '../../kit/mysql/connection.ts';
import { isServerError } from '../../kit/mysql/error.ts';

/** What a failed statement means for the rows of its transaction. Nothing of it has been applied. */
export type SqlFailure =
  /** The server refuses the values of a row: it has to be found. */
  | { readonly kind: 'row'; readonly code: string; readonly message: string }
  /** It may work later. */
  | { readonly kind: 'retry'; readonly code: string; readonly message: string }
  /** Going on is useless. */
  | { readonly kind: 'fatal'; readonly error: SluiceError };

/** Reads a failure while a transaction was open and COMMIT had not been sent. */
export function readFailure(thrown: unknown, session: MysqlSession): SqlFailure {
  const cause = thrown instanceof SluiceError ? thrown.cause : thrown;
  if (!isServerError(cause)) {
    return {
      kind: 'retry',
      code: 'connection_lost',
      message: 'The connection broke before the rows were committed.',
    };
  }
  const message = cause.sqlMessage ?? cause.message;
  const code = rows[cause.errno];
  if (code !== undefined) return { kind: 'row', code, message };
  if ([1205, 1213, 1040, 1053, 1290, 1927].includes(cause.errno)) {
    return { kind: 'retry', code: cause.errno === 1213 ? 'deadlock' : 'busy', message };
  }
  // 45000: what triggers raise on purpose.
  if (cause.sqlState === '45000' || /^(22|23)/.test(cause.sqlState ?? '')) {
    return { kind: 'row', code: `sqlstate_${cause.sqlState}`, message };
  }
  const error = session.failure(cause);
  return {
    kind: 'fatal',
    error: error instanceof SluiceError ? error : new SluiceError('destination_failed', message, { cause }),
  };
}

/** https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html (read 2026-11-22) */
const rows: Record<number, string> = {
  1048: 'value_missing', // ER_BAD_NULL_ERROR
  1062: 'unique_violation', // ER_DUP_ENTRY
  1136: 'value_invalid',
  1216: 'foreign_key_violation',
  1217: 'foreign_key_violation',
  1264: 'value_out_of_range', // ER_WARN_DATA_OUT_OF_RANGE
  1265: 'value_invalid', // WARN_DATA_TRUNCATED
  1292: 'value_invalid', // ER_TRUNCATED_WRONG_VALUE
  1364: 'value_missing', // ER_NO_DEFAULT_FOR_FIELD
  1366: 'value_invalid', // ER_TRUNCATED_WRONG_VALUE_FOR_FIELD
  1406: 'value_too_long', // ER_DATA_TOO_LONG
  1451: 'foreign_key_violation',
  1452: 'foreign_key_violation',
  3140: 'value_invalid', // ER_INVALID_JSON_TEXT
  3819: 'check_violation', // ER_CHECK_CONSTRAINT_VIOLATED
  4025: 'check_violation', // ER_CONSTRAINT_FAILED of MariaDB
};
