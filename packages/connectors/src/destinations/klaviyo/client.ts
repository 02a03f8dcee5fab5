import type { ConnectContext } from '../../kit/context.ts';
import type { AnswerRules, VendorFailure } from '../../kit/http/answer-rules.ts';
import { type ApiClient, createApiClient } from '../../kit/http/api-client.ts';
import { type ApiAnswer, jsonText, type RequestBody } from '../../kit/http/api-request.ts';
import { bearer, granted, noGrant } from '../../kit/http/credentials.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { type KlaviyoConfiguration, revision } from './configuration.ts';
import { placesNamed } from './pointer.ts';

const jsonApi = 'application/vnd.api+json';

/** https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling (2026-11) */
const rules: AnswerRules = {
  // Read row by row where the errors name rows, refused as a whole otherwise.
  statuses: { '400': 'answered' },
  failureIn,
  codes: { not_authenticated: 'unauthenticated', authentication_failed: 'unauthenticated' },
  resetHeaders: [{ name: 'ratelimit-reset', unit: 'seconds' }],
};

export const createClient = (
  { apiKey, baseUrl }: KlaviyoConfiguration,
  context: ConnectContext,
): ApiClient => {
  const signedIn = context.grant ? granted(context.grant) : noGrant('Klaviyo');
  return createApiClient(
    {
      vendor: 'Klaviyo',
      baseUrl,
      credentials: apiKey === null ? signedIn : bearer(apiKey, 'Klaviyo-API-Key'),
      headers: { revision, Accept: jsonApi },
      rules,
    },
    context,
  );
};

/** A body as Klaviyo wants it (JSON:API). */
export const body = (text: string): RequestBody => jsonText(text, jsonApi);

/** The first of `errors`; none where they name single rows. */
function failureIn(answer: ApiAnswer): VendorFailure | null {
  if (answer.status < 400) return null;
  if (answer.status === 400 && placesNamed(answer.body) !== null) return null;
  const [code, detail] = ['errors.0.code', 'errors.0.detail'].map((path) => valueAtPath(answer.body, path));
  return {
    code: typeof code === 'string' ? code : `http_${answer.status}`,
    ...(typeof detail === 'string' && { message: detail }),
  };
}
