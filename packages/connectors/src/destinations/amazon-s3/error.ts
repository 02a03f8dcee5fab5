import { type ErrorOptions, SluiceError } from '@sluice/domain/error';
import { EgressFailure } from '../../kit/egress-failure.ts';
import { FileNotStored } from '../../kit/file/file-store.ts';
import type { S3Settings } from './configuration.ts';

/**
 * Codes that go away by themselves. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (2026-11)
 * NoSuchUpload: an upload that somebody cleaned up is begun again.
 */
const passing = new Set([
  'SlowDown',
  'InternalError',
  'ServiceUnavailable',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'OperationAborted',
  'NoSuchUpload',
  'BadDigest',
  'ThrottlingException',
  'Throttling',
]);

const wrongKeys = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
  'InvalidClientTokenId',
  'TokenRefreshRequired',
  'CredentialsProviderError',
]);

/** What a failed request means: a FileNotStored where another try may help, a SluiceError where it will not. */
export function s3Failure(thrown: unknown, settings: S3Settings): FileNotStored | SluiceError {
  if (thrown instanceof FileNotStored) return thrown;
  if (thrown instanceof SluiceError && thrown.code !== 'destination_unreachable') return thrown;
  const { code, status, words } = factsOf(thrown);
  const cause = { cause: thrown };
  if (thrown instanceof EgressFailure && thrown.stage !== 'tls') {
    return new FileNotStored(thrown.sent ? 'no_answer' : 'unreachable', thrown.message, cause);
  }
  if (passing.has(code) || status >= 500 || status === 429 || status === 408) {
    return new FileNotStored(code || `http_${status}`, words, cause);
  }
  // Nothing that the store said: an answer that cannot be read.
  if (status === 0 && code === '') return new FileNotStored('no_answer', words, cause);
  return s3Error(thrown, settings, 'put files');
}

/** Any failure, as a SluiceError; `what` it was that could not be done. */
export function s3Error(thrown: unknown, settings: S3Settings, what: string): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const { code, status, words } = factsOf(thrown);
  const options: ErrorOptions = { cause: thrown };
  if (thrown instanceof EgressFailure) {
    if (thrown.stage === 'tls') return new SluiceError('destination_tls', thrown.message, options);
    return new SluiceError('destination_unreachable', `The store could not be reached: ${thrown.message}`, {
      ...options,
      fix: 'Check bucket, region and endpoint.',
    });
  }
  if (wrongKeys.has(code)) {
    return new SluiceError('destination_auth', `The store refused the access key (${code}).`, {
      ...options,
      fix: 'Check the access key id and the secret access key, and that the key is active.',
    });
  }
  if (code === 'NoSuchBucket') {
    return new SluiceError('destination_object_missing', `There is no bucket "${settings.bucket}".`, {
      ...options,
      fix: 'Check the name of the bucket, and the endpoint.',
    });
  }
  if (code === 'PermanentRedirect' || code === 'AuthorizationHeaderMalformed' || status === 301) {
    return new SluiceError('destination_failed', `The bucket is not in the region ${settings.region}.`, {
      ...options,
      fix: 'Look up the region of the bucket in the console of AWS.',
    });
  }
  if (code === 'AccessDenied' || status === 403) {
    return new SluiceError('destination_permission', `The store does not let Sluice ${what} (${words}).`, {
      ...options,
      fix: what === 'assume the role' ? trustFix : policyFix(settings),
    });
  }
  return new SluiceError('destination_failed', `The store says: ${words}`, options);
}

function factsOf(thrown: unknown): { code: string; status: number; words: string } {
  const one = thrown as {
    readonly name?: string;
    readonly message?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const status = one?.$metadata?.httpStatusCode ?? 0;
  const name = one?.name ?? '';
  // Errors of the language have no code of the store.
  const code = status === 0 && /^(Error|TypeError|SyntaxError)$/.test(name) ? '' : name;
  return { code, status, words: one?.message || code || 'no readable answer' };
}

const trustFix = 'Check the ARN, and that the trust policy of the role names the user and the external id.';

const policyFix = ({ bucket, prefix }: S3Settings): string =>
  `Allow s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload and s3:ListMultipartUploadParts on arn:aws:s3:::${bucket}/${prefix}*, and s3:ListBucketMultipartUploads on arn:aws:s3:::${bucket}.`;
