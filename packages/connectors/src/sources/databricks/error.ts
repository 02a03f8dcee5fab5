import { type ErrorOptions, SluiceError } from '@sluice/domain/error';
import type { DatabricksSettings } from './configuration.ts';
import { quoteDatabricks } from './dialect.ts';

/** How a statement or a request was refused: `BAD_REQUEST`, and the vendor's words. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/**
 * A refusal as a SluiceError. `details.condition` holds the error class that Databricks puts in front of its words.
 * https://docs.databricks.com/aws/en/error-messages/error-classes (read 2026-11-22)
 */
export function databricksError(
  { status, code, message }: Refusal,
  settings: DatabricksSettings,
): SluiceError {
  const condition = /\[([A-Z0-9_.]+)\]/.exec(message)?.[1] ?? '';
  const words = `Databricks says: ${sentence(message || code || `HTTP ${status}`)}`;
  const options: ErrorOptions = { details: { condition, code } };
  if (status === 401) {
    return new SluiceError('source_auth', `The workspace refused the credentials. ${words}`, {
      ...options,
      fix:
        settings.credentials.kind === 'token'
          ? 'Make a new access token: tokens end, and end with their user.'
          : 'Check the application ID, and make a new OAuth secret for the service principal.',
    });
  }
  if (status === 403 || code === 'PERMISSION_DENIED' || /^INSUFFICIENT_PERMISSIONS/.test(condition)) {
    return new SluiceError('source_permission', words, { ...options, fix: readGrants(settings) });
  }
  if (/NOT_FOUND|DOES_NOT_EXIST/.test(condition || code)) {
    const missing = status === 404 && condition === '';
    return new SluiceError(missing ? 'source_permission' : 'query_invalid', words, {
      ...options,
      fix: missing
        ? 'Check the SQL warehouse of the source: its ID is in its connection details.'
        : `Check the name, or grant what is missing:\n${readGrants(settings)}`,
    });
  }
  if (code === 'CANCELED' || code === 'CLOSED')
    return new SluiceError('source_timeout', `The query was cancelled. ${words}`, options);
  if (/AMBIGUOUS|DUPLICATE_COLUMN|COLUMN_ALREADY_EXISTS/.test(condition))
    return new SluiceError('query_columns_duplicate', words, options);
  if (condition !== '' || /^(BAD_REQUEST|INVALID_PARAMETER_VALUE)$/.test(code)) {
    return new SluiceError('query_invalid', words, {
      ...options,
      fix: 'Correct the query as the message of Databricks says.',
    });
  }
  return new SluiceError('source_failed', words, options);
}

export const unreachable = ({ url }: DatabricksSettings, cause?: unknown): SluiceError =>
  new SluiceError('source_unreachable', `The workspace did not answer at ${url.host}.`, {
    fix: 'Check the workspace URL, and that no IP access list of the workspace shuts Sluice out.',
    cause,
  });

/** Statements that let the principal read, and nothing more. */
export function readGrants({ catalog, schema, credentials, warehouse }: DatabricksSettings): string {
  const to = `TO ${quoteDatabricks(credentials.kind === 'token' ? 'user@example.com' : credentials.clientId)};`;
  const at = quoteDatabricks(catalog);
  const place = schema === null ? `CATALOG ${at}` : `SCHEMA ${at}.${quoteDatabricks(schema)}`;
  return [
    `-- In the permissions of the SQL warehouse ${warehouse}: "Can use".`,
    `GRANT USE CATALOG ON CATALOG ${at} ${to}`,
    `GRANT USE SCHEMA ON ${place} ${to}`,
    `GRANT SELECT ON ${place} ${to}`,
  ].join('\n');
}

const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);
