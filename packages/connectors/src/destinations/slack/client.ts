import type { ConnectContext } from '../../kit/context.ts';
import type { AnswerMeaning, AnswerRules, VendorFailure } from '../../kit/http/answer-rules.ts';
import { type ApiClient, createApiClient } from '../../kit/http/api-client.ts';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import { bearer } from '../../kit/http/credentials.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import type { SlackConfiguration } from './configuration.ts';

/** Codes of a 200 with `ok: false`; all others are about the message. https://docs.slack.dev/reference/methods/chat.postMessage (2026-11) */
const codes: Readonly<Record<string, AnswerMeaning>> = {
  ratelimited: 'retry',
  rate_limited: 'retry',
  service_unavailable: 'retry',
  request_timeout: 'retry',
  internal_error: 'doubtful',
  fatal_error: 'doubtful',
  not_authed: 'unauthenticated',
  invalid_auth: 'unauthenticated',
  account_inactive: 'unauthenticated',
  token_revoked: 'unauthenticated',
  token_expired: 'unauthenticated',
  missing_scope: 'forbidden',
  no_permission: 'forbidden',
  not_allowed_token_type: 'forbidden',
  ekm_access_denied: 'forbidden',
  org_login_required: 'forbidden',
};
const rules: AnswerRules = { failureIn, codes };

export const createClient = (configuration: SlackConfiguration, context: ConnectContext): ApiClient =>
  createApiClient(
    { vendor: 'Slack', baseUrl: configuration.baseUrl, credentials: bearer(configuration.botToken), rules },
    context,
  );

function failureIn({ body }: ApiAnswer): VendorFailure | null {
  if (valueAtPath(body, 'ok') !== false) return null;
  const error = valueAtPath(body, 'error');
  const code = typeof error === 'string' ? error : 'unknown_error';
  const details = valueAtPath(body, 'response_metadata.messages');
  const needed = valueAtPath(body, 'needed');
  const more =
    typeof needed === 'string' ? `needs ${needed}` : Array.isArray(details) ? details.join('; ') : '';
  return { code, message: more === '' ? code : `${code} (${more})` };
}
