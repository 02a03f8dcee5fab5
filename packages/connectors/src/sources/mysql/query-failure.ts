import { SluiceError } from '@sluice/domain/error';
import { isServerError, sentence } from '../../kit/mysql/error.ts';

/**
 * A server's refusal of a model's statement as `query_invalid`, `query_not_read_only` or `query_columns_duplicate`; `null` where the
 * failure is not about the statement.
 */
export function queryFailure(thrown: unknown): SluiceError | null {
  const cause = thrown instanceof SluiceError ? thrown.cause : thrown;
  if (!isServerError(cause) || rights.has(cause.errno)) return null;
  const words = sentence(cause.sqlMessage ?? cause.message);
  const options = { cause, details: { errno: cause.errno } };
  switch (cause.errno) {
    case 1792: // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
      return new SluiceError('query_not_read_only', `A model may only read. ${words}`, options);
    case 1060: // ER_DUP_FIELDNAME
      return new SluiceError(
        'query_columns_duplicate',
        `The result has two columns of one name. ${words}`,
        options,
      );
    case 1054: // ER_BAD_FIELD_ERROR
      return new SluiceError('query_invalid', words, {
        ...options,
        fix: 'Correct the name, or bring the column back. If it was renamed at the source, rename it in the query with AS, so that the syncs still find it.',
      });
    case 1146: // ER_NO_SUCH_TABLE
      return new SluiceError('query_invalid', words, {
        ...options,
        fix: 'Check database and name, upper and lower case too: the table may have been renamed or dropped.',
      });
    default:
      return isAboutStatement(cause.sqlState ?? '')
        ? new SluiceError('query_invalid', words, {
            ...options,
            fix: 'Correct the query as the message of the server says.',
          })
        : null;
  }
}

/** Missing rights share the class of syntax errors. */
const rights = new Set([1044, 1142, 1143, 1227]);

/** Syntax, names, data and features. */
const isAboutStatement = (sqlState: string): boolean => /^(42|22|21|0A|3D)/.test(sqlState);
