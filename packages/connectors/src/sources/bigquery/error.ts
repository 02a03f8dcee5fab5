import { type ErrorOptions, SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import { EgressFailure } from '../../kit/egress-failure.ts';
import type { BigQuerySettings } from './configuration.ts';

/** What the vendor's client hangs on its errors. */
const Failure = z.looseObject({
  code: z.union([z.number(), z.string()]).optional(),
  message: z.string().default('nothing'),
  errors: z.array(z.object({ reason: z.string().optional(), message: z.string().optional() })).optional(),
  reason: z.string().optional(),
});

/**
 * Any failure of the client, the network or the service as a SluiceError. `details.reason` holds BigQuery's own word.
 * https://cloud.google.com/bigquery/docs/error-messages (read 2026-11-22)
 */
export function bigqueryError(thrown: unknown, settings: BigQuerySettings): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  if (thrown instanceof EgressFailure) return unreachable(settings, thrown);
  const { code, message, errors, reason: own } = Failure.safeParse(thrown).data ?? { message: '' };
  const reason = errors?.[0]?.reason ?? own ?? '';
  const words = `BigQuery says: ${sentence(errors?.[0]?.message ?? message)}`;
  const options: ErrorOptions = { cause: thrown, details: { reason } };
  const of = (
    ...[errorCode, fix]: readonly [errorCode: ConstructorParameters<typeof SluiceError>[0], fix?: string]
  ): SluiceError => new SluiceError(errorCode, words, { ...options, ...(fix !== undefined && { fix }) });
  switch (reason) {
    case 'accessDenied':
      return of('source_permission', `Let Sluice run queries and read:\n${readGrants(settings)}`);
    case 'bytesBilledLimitExceeded':
      return of(
        'query_invalid',
        'Read fewer columns or partitions, or raise the maximum gigabytes billed of the source.',
      );
    case 'notFound':
      return of(
        'query_invalid',
        'Check project, dataset and table, and that the location of the source is where the dataset is.',
      );
    case 'invalidQuery':
    case 'invalid':
      if (/duplicate column names? in the result/i.test(message)) return of('query_columns_duplicate');
      return of('query_invalid', 'Correct the query as the message of BigQuery says.');
    case 'resourcesExceeded':
    case 'responseTooLarge':
      return of('query_invalid', 'Have the query sort and join less at once, or return fewer rows.');
    case 'stopped':
    case 'timeout':
      return of('source_timeout');
    case 'quotaExceeded':
    case 'billingNotEnabled':
    case 'billingTierLimitExceeded':
    case 'blocked':
      return of(
        'source_failed',
        'Look at the quotas and the billing of the project in the Google Cloud console.',
      );
    default:
      break;
  }
  if (code === 401) {
    return new SluiceError('source_auth', `BigQuery refused the access. ${words}`, {
      ...options,
      fix:
        settings.credentials.kind === 'oauth'
          ? 'Open the source, and connect it again.'
          : 'Check that the service account still exists and is enabled.',
    });
  }
  if (code === 403) return of('source_permission', readGrants(settings));
  if (typeof code === 'number' && code >= 400) return of('source_failed');
  return unreachable(settings, thrown);
}

const passingReasons = [
  'rateLimitExceeded',
  'jobRateLimitExceeded',
  'backendError',
  'internalError',
  'tableUnavailable',
];

/** Whether the same request may well succeed in a moment. */
export function isPassing(thrown: unknown): boolean {
  if (thrown instanceof SluiceError) return false;
  const { code, errors } = Failure.safeParse(thrown).data ?? {};
  if (errors?.some(({ reason = '' }) => passingReasons.includes(reason))) return true;
  return typeof code === 'number' ? code === 429 || code >= 500 : true;
}

const unreachable = (settings: BigQuerySettings, cause?: unknown): SluiceError =>
  new SluiceError('source_unreachable', `BigQuery did not answer at ${settings.url.host}.`, {
    fix: 'Check the API address, and that Sluice may connect to it.',
    cause,
  });

/** What an administrator runs so that the account can read, and nothing more. */
export function readGrants({ project, dataProject, credentials }: BigQuerySettings): string {
  const member =
    credentials.kind === 'service_account' ? `serviceAccount:${credentials.key.email}` : 'user:…@…';
  return [
    `gcloud projects add-iam-policy-binding ${project} --member="${member}" --role="roles/bigquery.jobUser"`,
    `GRANT \`roles/bigquery.dataViewer\` ON SCHEMA \`${dataProject}\`.\`your_dataset\` TO "${member}";`,
  ].join('\n');
}

const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);
