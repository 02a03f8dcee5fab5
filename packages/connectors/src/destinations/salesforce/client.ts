import type { ConnectContext } from '../../kit/context.ts';
import type { AnswerRules, VendorFailure } from '../../kit/http/answer-rules.ts';
import { type ApiClient, createApiClient } from '../../kit/http/api-client.ts';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import { type ApiCredentials, granted, noGrant } from '../../kit/http/credentials.ts';
import { exchanged, signedAssertion } from '../../kit/http/token-credentials.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import type { SalesforceConfiguration } from './configuration.ts';

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm (2026-11) */
const rules: AnswerRules = {
  failureIn,
  codes: {
    invalid_session_id: 'unauthenticated',
    invalid_auth_header: 'unauthenticated',
    api_disabled_for_org: 'forbidden',
    api_currently_disabled: 'forbidden',
    request_limit_exceeded: 'retry',
    exceeded_id_limit: 'refused',
    server_unavailable: 'retry',
    unable_to_lock_row: 'retry',
    request_running_too_long: 'retry',
    not_found: 'missing',
  },
  quotaResetsAt: (answer, now) =>
    failureIn(answer)?.code === 'request_limit_exceeded' ? nextHour(now) : null,
};

export const createClient = (configuration: SalesforceConfiguration, context: ConnectContext): ApiClient =>
  createApiClient(
    {
      vendor: 'Salesforce',
      baseUrl: configuration.baseUrl,
      credentials: credentialsOf(configuration, context),
      rules,
    },
    context,
  );

/**
 * Client credentials and signed assertions are exchanged at the org's own address.
 * https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_client_credentials_flow.htm (2026-11)
 */
function credentialsOf(
  { access, baseUrl }: SalesforceConfiguration,
  context: ConnectContext,
): ApiCredentials {
  if (access.kind === 'oauth') return context.grant ? granted(context.grant) : noGrant('Salesforce');
  const tokenUrl = new URL('/services/oauth2/token', baseUrl);
  if (access.kind === 'client') {
    const { clientId: client_id, clientSecret: client_secret } = access;
    const form = () => ({ grant_type: 'client_credentials', client_id, client_secret });
    return exchanged({ vendor: 'Salesforce', tokenUrl, form, secrets: [client_secret] }, context);
  }
  const { clientId: iss, user: sub, audience: aud, privateKey } = access;
  const form = () => ({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: signedAssertion({ iss, sub, aud }, privateKey, 'privateKey'),
  });
  return exchanged({ vendor: 'Salesforce', tokenUrl, form, secrets: [privateKey] }, context);
}

/** `[{ errorCode, message, fields }]`. An array of results has no `errorCode`: it speaks of single rows. */
function failureIn({ body }: ApiAnswer): VendorFailure | null {
  const [code, message] = [valueAtPath(body, '0.errorCode'), valueAtPath(body, '0.message')];
  if (typeof code !== 'string') return null;
  return { code: code.toLowerCase(), ...(typeof message === 'string' && { message }) };
}

/** The window of a day moves on by the hour, and no answer says how much comes back when. */
export function nextHour(now: Date): Date {
  const at = new Date(now);
  at.setUTCHours(now.getUTCHours() + 1, 0, 0, 0);
  return at;
}
