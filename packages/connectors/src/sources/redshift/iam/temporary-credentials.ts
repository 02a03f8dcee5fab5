import { SluiceError } from '@sluice/domain/error';
import { abortError } from '../../../kit/aborted.ts';
import { awsEgress } from '../../../kit/aws-egress.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import { EgressFailure } from '../../../kit/egress-failure.ts';
import type { PgSettings } from '../../../kit/pg-settings.ts';
import type { IamSettings, RedshiftSettings } from '../settings.ts';

type SignIn = Pick<PgSettings, 'user' | 'password'>;

/** Sessions that begin this short before the end of their password are given another one. */
const marginMs = 60_000;
/** The longest that is given. https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html (read 2026-11-22) */
const seconds = 3_600;

/**
 * Answers the settings with which one can sign in right now: those of a user with a password as they are, for IAM with user and
 * password that were asked for, and are kept until they end. Throws `source_auth`, `source_permission`, `source_unreachable`,
 * `source_failed`, `egress_refused`.
 */
export function temporaryCredentials(
  settings: RedshiftSettings,
): (context: ConnectContext) => Promise<RedshiftSettings> {
  let kept: { readonly signIn: SignIn; readonly until: number } | null = null;
  return async (context) => {
    const { iam } = settings;
    if (iam === null) return settings;
    if (kept === null || kept.until <= Date.now()) {
      const { expiration, ...signIn } = await ask(iam, settings, context);
      kept = { signIn, until: (expiration?.getTime() ?? Date.now() + 900_000) - marginMs };
    }
    return { ...settings, ...kept.signIn };
  };
}

async function ask(
  iam: IamSettings,
  { user, database: name }: PgSettings,
  context: ConnectContext,
): Promise<SignIn & { readonly expiration: Date | undefined }> {
  const client = {
    region: iam.region,
    ...(iam.endpoint !== null && { endpoint: iam.endpoint.href }),
    credentials: { accessKeyId: iam.accessKeyId, secretAccessKey: iam.secretAccessKey },
    requestHandler: awsEgress(context.egress, () => ({
      timeoutMs: context.timeouts.connectMs,
      signal: context.signal,
    })),
    maxAttempts: 3,
  };
  try {
    if ('workgroup' in iam.database) {
      const { GetCredentialsCommand, RedshiftServerlessClient } = await import(
        '@aws-sdk/client-redshift-serverless'
      );
      const { workgroup } = iam.database;
      const answer = await new RedshiftServerlessClient(client).send(
        new GetCredentialsCommand({ workgroupName: workgroup, dbName: name, durationSeconds: seconds }),
      );
      return {
        user: answer.dbUser ?? '',
        password: answer.dbPassword ?? '',
        expiration: answer.expiration,
      };
    }
    const { GetClusterCredentialsCommand, RedshiftClient } = await import('@aws-sdk/client-redshift');
    const answer = await new RedshiftClient(client).send(
      new GetClusterCredentialsCommand({
        ClusterIdentifier: iam.database.cluster,
        DbUser: user,
        DbName: name,
        AutoCreate: false,
        DurationSeconds: seconds,
      }),
    );
    return {
      user: answer.DbUser ?? '',
      password: answer.DbPassword ?? '',
      expiration: answer.Expiration,
    };
  } catch (thrown) {
    if (context.signal.aborted) throw abortError(context.signal);
    throw failureOf(thrown, iam, user, name);
  }
}

function failureOf(thrown: unknown, iam: IamSettings, user: string, name: string): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  if (thrown instanceof EgressFailure) {
    return new SluiceError('source_unreachable', `The Redshift API could not be reached: ${thrown.message}`, {
      fix: 'Check the region, and the endpoint if there is one.',
      cause: thrown,
    });
  }
  const error = thrown as { name?: string; message?: string; $metadata?: { httpStatusCode?: number } };
  const words = `AWS gave no credentials: ${error.message ?? error.name ?? 'no readable answer'}`.replace(
    /[.\s]*$/,
    '.',
  );
  const code = error.name ?? '';
  if (
    /^(InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClientException|InvalidSignature|ExpiredToken)/.test(
      code,
    )
  ) {
    return new SluiceError('source_auth', words, {
      fix: 'Check access key id and secret access key, and that the key is active.',
      cause: thrown,
    });
  }
  if (/AccessDenied|Unauthorized/.test(code) || error.$metadata?.httpStatusCode === 403)
    return new SluiceError('source_permission', words, { fix: policyOf(iam, user, name), cause: thrown });
  if (/NotFound/.test(code)) {
    return new SluiceError('source_failed', words, {
      fix: 'Check the name of the cluster or workgroup, and the region.',
      cause: thrown,
    });
  }
  return new SluiceError('source_failed', words, { cause: thrown });
}

/** What the owner of the key has to be allowed, and nothing more. */
function policyOf({ region, database }: IamSettings, user: string, name: string): string {
  if ('workgroup' in database)
    return 'Allow the owner of the key redshift-serverless:GetCredentials on the ARN of the workgroup.';
  const arn = (kind: string, of: string) =>
    `arn:aws:redshift:${region}:<account>:${kind}:${database.cluster}/${of}`;
  return `Allow the owner of the key redshift:GetClusterCredentials on ${arn('dbuser', user)} and ${arn('dbname', name)}.`;
}
