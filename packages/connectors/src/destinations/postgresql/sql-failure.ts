import { SluiceError } from '@sluice/domain/error';
import { DatabaseError } from 'pg';
import type { PgSession } from '../../kit/pg-connection.ts';
import type { Table } from './table.ts';
import { tableId, tableSql } from './table-id.ts';

/** What a failed statement means for the rows of its batch. Nothing of the transaction has been applied. */
export type SqlFailure =
  /** The server refuses the values of a row: it has to be found. */
  | { readonly kind: 'row'; readonly sqlState: string; readonly code: string; readonly message: string }
  /** It may work later. */
  | { readonly kind: 'retry'; readonly code: string; readonly message: string }
  /** Going on is useless. */
  | { readonly kind: 'fatal'; readonly error: SluiceError };

/** Reads a failure of the driver while a transaction was open and COMMIT had not been sent. */
export function readSqlFailure(thrown: unknown, session: PgSession, table: Table): SqlFailure {
  if (!(thrown instanceof DatabaseError) || !thrown.code) {
    return {
      kind: 'retry',
      code: 'connection_lost',
      message: 'The connection broke before the rows were committed.',
    };
  }
  const sqlState = thrown.code;
  if (isRowFault(sqlState, thrown.message)) {
    return { kind: 'row', sqlState, code: rejectionCode(sqlState), message: rowMessage(thrown) };
  }
  const retry = retryCodeOf(sqlState);
  if (retry) return { kind: 'retry', code: retry, message: sentence(thrown.message) };
  return { kind: 'fatal', error: fatalError(thrown, sqlState, session, table) };
}

/** The stable code of a rejection for one of the server's. */
export const rejectionCode = (sqlState: string): string => names[sqlState] ?? `sqlstate_${sqlState}`;

/** The server's whole answer about a row, for the exchange. */
export function verbatim(thrown: unknown): string {
  if (!(thrown instanceof DatabaseError)) return thrown instanceof Error ? thrown.message : 'failed';
  const { severity, code, message, detail, hint } = thrown;
  return [
    `${severity ?? 'ERROR'} ${code ?? ''}: ${message}`,
    detail && `DETAIL: ${detail}`,
    hint && `HINT: ${hint}`,
  ]
    .filter(Boolean)
    .join('\n  ');
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
function isRowFault(sqlState: string, message: string): boolean {
  // Data exceptions, integrity constraints, a value too big for an index, and what triggers raise on purpose.
  if (/^(22|23|P0|38|39)/.test(sqlState) || ['21000', '44000', '54000'].includes(sqlState)) return true;
  return sqlState === '42501' && message.includes('row-level security');
}

const names: Record<string, string> = {
  '21000': 'match_key_duplicate',
  '22001': 'value_too_long',
  '22003': 'value_out_of_range',
  '22007': 'value_invalid',
  '22008': 'value_out_of_range',
  '22P02': 'value_invalid',
  '22P05': 'text_invalid',
  '23502': 'not_null_violation',
  '23503': 'foreign_key_violation',
  '23505': 'unique_violation',
  '23514': 'check_violation',
  '23P01': 'exclusion_violation',
  '42501': 'row_security_violation',
  P0001: 'trigger_refused',
};

/** A row with a place in the message: constraints name themselves, other errors not their column. */
function rowMessage({ message, column }: DatabaseError): string {
  return sentence(column && !message.includes(`"${column}"`) ? `${column}: ${message}` : message);
}

/** The server ends its messages without a full stop. */
export const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);

function retryCodeOf(sqlState: string): string | null {
  if (sqlState === '40P01') return 'deadlock';
  if (sqlState.startsWith('40')) return 'serialization_failure';
  if (sqlState === '55P03') return 'table_locked';
  if (sqlState === '57014') return 'statement_timeout';
  if (sqlState.startsWith('57P') || sqlState.startsWith('08')) return 'connection_lost';
  return sqlState.startsWith('53') ? 'server_out_of_resources' : null;
}

function fatalError(thrown: DatabaseError, sqlState: string, session: PgSession, table: Table): SluiceError {
  const id = tableId(table);
  const words = `The server says: ${sentence(thrown.message)}`;
  const options = { cause: thrown, details: { sqlState } };
  if (sqlState === '42501') {
    const temporary = thrown.message.includes('temporary tables');
    const user = session.client.user ?? 'user';
    const grant = temporary
      ? `GRANT TEMPORARY ON DATABASE ${session.client.escapeIdentifier(session.client.database ?? '')}`
      : `GRANT SELECT, INSERT, UPDATE, DELETE ON ${tableSql(table)}`;
    return new SluiceError('destination_permission', words, {
      ...options,
      fix: `Have the owner run: ${grant} TO ${session.client.escapeIdentifier(user)};`,
    });
  }
  if (sqlState === '42P01' || sqlState === '3F000') {
    return new SluiceError('destination_object_missing', `The table ${id} is gone. ${words}`, options);
  }
  if (sqlState === '42703' || sqlState === '428C9') {
    return new SluiceError('mapping_invalid', `The columns of ${id} have changed. ${words}`, {
      ...options,
      fix: 'Open the mapping of the sync: it shows the columns as they are now.',
    });
  }
  if (sqlState === '42P10') {
    return new SluiceError(
      'destination_match_key_not_unique',
      `The match column of ${id} has no unique index any more. ${words}`,
      options,
    );
  }
  if (sqlState === '25006' || /recovery/.test(thrown.message)) {
    return new SluiceError('destination_failed', `The server is read-only at the moment. ${words}`, {
      ...options,
      fix: 'Use the address of the primary server; a standby takes no writes.',
    });
  }
  const failure = session.failure(thrown);
  return failure instanceof SluiceError ? failure : new SluiceError('destination_failed', words, options);
}
