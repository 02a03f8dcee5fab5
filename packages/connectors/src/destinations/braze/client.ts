import type { ConnectContext } from '../../kit/context.ts';
import type { AnswerRules, VendorFailure } from '../../kit/http/answer-rules.ts';
import { type ApiClient, createApiClient } from '../../kit/http/api-client.ts';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import { bearer } from '../../kit/http/credentials.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import type { BrazeConfiguration } from './configuration.ts';

/** https://www.braze.com/docs/api/errors/ and https://www.braze.com/docs/api/api_limits/ (2026-11) */
const rules: AnswerRules = {
  failureIn,
  resetHeaders: [{ name: 'x-ratelimit-reset', unit: 'epoch_seconds' }],
};

export const createClient = (configuration: BrazeConfiguration, context: ConnectContext): ApiClient =>
  createApiClient(
    { vendor: 'Braze', baseUrl: configuration.baseUrl, credentials: bearer(configuration.apiKey), rules },
    context,
  );

/** The words of a refused request; errors of single rows come with 201 and are read there. */
function failureIn({ status, body }: ApiAnswer): VendorFailure | null {
  if (status < 400) return null;
  const first = valueAtPath(body, 'errors.0');
  const message =
    valueAtPath(first, 'message') ?? (typeof first === 'string' ? first : valueAtPath(body, 'message'));
  const id = valueAtPath(first, 'id');
  if (typeof message !== 'string') return null;
  return { code: typeof id === 'string' ? id : `http_${status}`, message };
}
