import type { ConnectContext } from '../../kit/context.ts';
import type { AnswerRules, VendorFailure } from '../../kit/http/answer-rules.ts';
import { type ApiClient, createApiClient } from '../../kit/http/api-client.ts';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import { type ApiCredentials, bearer, granted, noGrant } from '../../kit/http/credentials.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import type { HubspotConfiguration } from './configuration.ts';

/** CRM v3 and v4. https://developers.hubspot.com/docs/reference/api/other-resources/error-handling (2026-11) */
const rules: AnswerRules = {
  failureIn,
  codes: { rate_limits: 'retry', missing_scopes: 'forbidden', invalid_authentication: 'unauthenticated' },
  resetHeaders: [{ name: 'x-hubspot-ratelimit-interval-milliseconds', unit: 'milliseconds' }],
  quotaResetsAt,
};

export const createClient = (configuration: HubspotConfiguration, context: ConnectContext): ApiClient =>
  createApiClient(
    {
      vendor: 'HubSpot',
      baseUrl: configuration.baseUrl,
      credentials: credentialsOf(configuration, context),
      rules,
    },
    context,
  );

function credentialsOf({ accessToken }: HubspotConfiguration, { grant }: ConnectContext): ApiCredentials {
  if (accessToken !== null) return bearer(accessToken);
  return grant ? granted(grant) : noGrant('HubSpot');
}

/** `{ status: "error", category, message }`, in any refused request. A 207 speaks of single rows instead. */
function failureIn({ body }: ApiAnswer): VendorFailure | null {
  if (valueAtPath(body, 'status') !== 'error') return null;
  const [category, message] = [valueAtPath(body, 'category'), valueAtPath(body, 'message')];
  return {
    code: typeof category === 'string' ? category.toLowerCase() : 'error',
    ...(typeof message === 'string' && { message }),
  };
}

/**
 * The day of a quota ends at midnight of the account's time zone, which the answer does not name: so it is tried again
 * each hour.
 */
function quotaResetsAt({ status, body }: ApiAnswer, now: Date): Date | null {
  if (status !== 429 || valueAtPath(body, 'policyName') !== 'DAILY') return null;
  const resumeAt = new Date(now);
  resumeAt.setUTCHours(now.getUTCHours() + 1, 0, 0, 0);
  return resumeAt;
}
