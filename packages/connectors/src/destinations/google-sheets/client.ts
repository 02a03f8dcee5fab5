import type { ConnectContext } from '../../kit/context.ts';
import type { AnswerRules, VendorFailure } from '../../kit/http/answer-rules.ts';
import { type ApiClient, createApiClient } from '../../kit/http/api-client.ts';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import { type ApiCredentials, granted, noGrant } from '../../kit/http/credentials.ts';
import { exchanged, signedAssertion } from '../../kit/http/token-credentials.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import type { SheetsConfiguration } from './configuration.ts';

/** To write sheets, and to list them. https://developers.google.com/identity/protocols/oauth2/scopes#sheets (2026-11) */
export const scopes = [
  'https://www.googleapis.com/auth/spreadsheets',
  'https://www.googleapis.com/auth/drive.metadata.readonly',
] as const;

/** `{ error: { code, message, status } }`. https://cloud.google.com/apis/design/errors (2026-11) */
const rules: AnswerRules = {
  failureIn,
  codes: {
    resource_exhausted: 'retry',
    unavailable: 'retry',
    unauthenticated: 'unauthenticated',
    permission_denied: 'forbidden',
    not_found: 'missing',
    internal: 'doubtful',
  },
};

/** The APIs that a connection speaks: sheets, and the list of files. */
export interface SheetsClients {
  readonly sheets: ApiClient;
  readonly drive: ApiClient;
}

export function createClients(configuration: SheetsConfiguration, context: ConnectContext): SheetsClients {
  const credentials = credentialsOf(configuration, context);
  const client = (vendor: string, baseUrl: URL): ApiClient =>
    createApiClient({ vendor, baseUrl, credentials, rules }, context);
  return {
    sheets: client('Google Sheets', configuration.baseUrl),
    drive: client('Google Drive', configuration.driveUrl),
  };
}

/** https://developers.google.com/identity/protocols/oauth2/service-account (2026-11) */
function credentialsOf({ access }: SheetsConfiguration, context: ConnectContext): ApiCredentials {
  if (access.kind === 'oauth') return context.grant ? granted(context.grant) : noGrant('Google');
  const { email: iss, privateKey, tokenUrl } = access;
  const form = () => ({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: signedAssertion(
      { iss, aud: tokenUrl.href, scope: scopes.join(' ') },
      privateKey,
      'serviceAccountKey',
    ),
  });
  return exchanged({ vendor: 'Google', tokenUrl, form, secrets: [privateKey] }, context);
}

/** Too large a spreadsheet is told by words alone. */
function failureIn({ body }: ApiAnswer): VendorFailure | null {
  const [status, message] = [valueAtPath(body, 'error.status'), valueAtPath(body, 'error.message')];
  if (typeof message !== 'string') return null;
  if (/limit of 10000000 cells/i.test(message)) return { code: 'exceeds_grid_limits', message };
  return { code: typeof status === 'string' ? status.toLowerCase() : 'error', message };
}
