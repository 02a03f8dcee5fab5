import { createHmac } from 'node:crypto';
import type { ConnectContext } from '../../kit/context.ts';
import type { AnswerMeaning, AnswerRules, VendorFailure } from '../../kit/http/answer-rules.ts';
import { type ApiClient, createApiClient } from '../../kit/http/api-client.ts';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import type { ApiCredentials } from '../../kit/http/credentials.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import type { MetaConfiguration } from './configuration.ts';

/**
 * Codes of the Graph API and of the Marketing API; failures come with any status.
 * https://developers.facebook.com/docs/marketing-api/error-reference and
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting (2026-11)
 */
const meanings: Readonly<Record<AnswerMeaning, readonly (number | string)[]>> = {
  answered: [],
  // The app, the user, the page, calls in a row, the audience's own limit; an audience that is being changed.
  retry: [4, 17, 32, 341, 613, 2654, ...range(80000, 80014)],
  // Meta cannot say whether it came to the work.
  doubtful: [1, 2, 'transient'],
  unauthenticated: [102, 104, 190, 463, 467],
  forbidden: [3, 10, ...range(200, 299), 'audience_flagged'],
  missing: ['object_missing', 803],
  refused: [],
};

/** Subcodes that say more than their code. */
const subcodes: Readonly<Record<number, string>> = {
  // The audience breaks a rule of Meta's: operation_status 471.
  1713230: 'audience_flagged',
  // The object does not exist, or the token may not see it.
  33: 'object_missing',
};

const rules: AnswerRules = {
  failureIn,
  codes: Object.fromEntries(
    Object.entries(meanings).flatMap(([meaning, codes]) =>
      codes.map((code) => [`meta_${code}`, meaning as AnswerMeaning]),
    ),
  ),
  pauseMs,
};

export const createClient = (configuration: MetaConfiguration, context: ConnectContext): ApiClient =>
  createApiClient(
    {
      vendor: 'Meta',
      baseUrl: configuration.baseUrl,
      credentials: credentialsOf(configuration),
      rules,
      maskHashes: true,
    },
    context,
  );

/** https://developers.facebook.com/docs/graph-api/guides/secure-requests (2026-11) */
export const proofOf = ({ accessToken, appSecret }: MetaConfiguration): string | undefined =>
  appSecret === null ? undefined : createHmac('sha256', appSecret).update(accessToken).digest('hex');

function credentialsOf(configuration: MetaConfiguration): ApiCredentials {
  const { accessToken, appSecret } = configuration;
  const proof = proofOf(configuration);
  return {
    headers: () => Promise.resolve({ Authorization: `Bearer ${accessToken}` }),
    secrets: () => [accessToken, appSecret, proof].filter((one): one is string => typeof one === 'string'),
  };
}

/** `{ error: { code, error_subcode, message, error_user_msg, is_transient } }`. */
function failureIn({ body }: ApiAnswer): VendorFailure | null {
  const error = valueAtPath(body, 'error');
  if (typeof error !== 'object' || error === null) return null;
  const at = (name: string): unknown => valueAtPath(error, name);
  const subcode = subcodes[Number(at('error_subcode'))];
  const known = at('is_transient') === true && at('code') === 100 ? 'transient' : String(at('code'));
  const words = [at('message'), at('error_user_msg')].filter((part) => typeof part === 'string');
  return { code: `meta_${subcode ?? known}`, message: words.join(' ') };
}

/**
 * `X-Business-Use-Case-Usage: {"<business>":[{"type":"custom_audience","estimated_time_to_regain_access":5}]}`, in minutes.
 */
function pauseMs({ headers }: ApiAnswer): number | undefined {
  const header = headers['x-business-use-case-usage'];
  if (header === undefined) return undefined;
  try {
    const usage = Object.values(JSON.parse(header) as Record<string, unknown[]>).flat();
    const minutes = usage.map((one) => Number(valueAtPath(one, 'estimated_time_to_regain_access') ?? 0));
    const most = Math.max(0, ...minutes.filter(Number.isFinite));
    return most > 0 ? most * 60_000 : undefined;
  } catch {
    return undefined;
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
