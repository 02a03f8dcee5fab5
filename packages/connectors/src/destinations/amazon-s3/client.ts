import type { S3Client } from '@aws-sdk/client-s3';
import { type AwsSending, awsEgress } from '../../kit/aws-egress.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { S3Settings } from './configuration.ts';
import { s3Error } from './error.ts';

/** The vendor's module is large: only those who use it pay for it. */
export const loadS3 = () => import('@aws-sdk/client-s3');

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/**
 * Opens a client of the bucket whose requests go through the guard. It never sends anything twice by itself: what a
 * failure means is for the caller. `sending` says of each request how long it may take and what stops it.
 */
export async function openS3(
  settings: S3Settings,
  context: ConnectContext,
  sending: () => AwsSending,
): Promise<S3Client> {
  const { S3Client } = await loadS3();
  const { endpoint, region } = settings;
  return new S3Client({
    region,
    ...(endpoint !== null && { endpoint }),
    forcePathStyle: settings.pathStyle,
    credentials: credentialsOf(settings, context, sending),
    requestHandler: awsEgress(context.egress, sending),
    maxAttempts: 1,
    expectContinueHeader: false,
    followRegionRedirects: false,
    // Stores that are not Amazon's know few of the checksums that its clients have begun to send unasked.
    requestChecksumCalculation: endpoint === null ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

/** Keys of the user, or of the role: those last an hour, and the client asks again before they end. */
function credentialsOf(
  settings: S3Settings,
  context: ConnectContext,
  sending: () => AwsSending,
): Credentials | (() => Promise<Credentials>) {
  const { accessKeyId, secretAccessKey, role, region, endpoint } = settings;
  const own = { accessKeyId, secretAccessKey };
  if (!role) return own;
  return async () => {
    const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
    const sts = new STSClient({
      region,
      // Other stores hand out keys of roles at their own address.
      ...(endpoint !== null && { endpoint }),
      credentials: own,
      requestHandler: awsEgress(context.egress, sending),
      maxAttempts: 1,
    });
    const answer = await sts
      .send(
        new AssumeRoleCommand({
          RoleArn: role.arn,
          RoleSessionName: context.label.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64),
          ...(role.externalId !== null && { ExternalId: role.externalId }),
        }),
      )
      .catch((thrown: unknown) => {
        throw s3Error(thrown, settings, 'assume the role');
      });
    const {
      AccessKeyId = '',
      SecretAccessKey = '',
      SessionToken = '',
      Expiration,
    } = answer.Credentials ?? {};
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      ...(Expiration && { expiration: Expiration }),
    };
  };
}
