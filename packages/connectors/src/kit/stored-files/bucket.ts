import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { SluiceError } from '@sluice/domain/error';
import { abortError } from '../aborted.ts';
import type { ConnectContext } from '../context.ts';
import { createGuardedAgents } from '../guarded-agent.ts';
import type { BucketSettings } from './settings.ts';
import { filesMax, type StoredFile } from './stored-files.ts';
import { writeBytes } from './write-bytes.ts';

/** Objects of a bucket whose keys begin with the prefix. */
export async function listBucket(settings: BucketSettings, context: ConnectContext): Promise<StoredFile[]> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const keys = await inClient(settings, context, async (client) => {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({
          Bucket: settings.name,
          Prefix: settings.prefix,
          ContinuationToken: token,
        }),
        { abortSignal: context.signal },
      );
      for (const { Key } of page.Contents ?? []) if (Key !== undefined && !Key.endsWith('/')) found.push(Key);
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined && found.length < filesMax);
    return found;
  });
  const folderOf = settings.prefix.slice(0, settings.prefix.lastIndexOf('/') + 1);
  return keys.map((key) => ({
    name: key.slice(folderOf.length),
    fetch: (folder) => getObject(settings, key, folder, context),
  }));
}

/** Removes every object whose key begins with `prefix`. Answers how many there were. */
export async function emptyFolder(
  settings: BucketSettings,
  prefix: string,
  context: ConnectContext,
): Promise<number> {
  const { DeleteObjectCommand, ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const remove = async (client: S3Client): Promise<number> => {
    let removed = 0;
    for (;;) {
      const page = await client.send(new ListObjectsV2Command({ Bucket: settings.name, Prefix: prefix }), {
        abortSignal: context.signal,
      });
      const keys = (page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
      for (const Key of keys)
        await client.send(new DeleteObjectCommand({ Bucket: settings.name, Key }), {
          abortSignal: context.signal,
        });
      removed += keys.length;
      if (!page.IsTruncated || keys.length === 0) return removed;
    }
  };
  return inClient(settings, context, remove, 's3:GetObject and s3:DeleteObject');
}

/** Fetches an object into `folder` and answers where it is. */
export async function getObject(
  settings: BucketSettings,
  key: string,
  folder: string,
  context: ConnectContext,
): Promise<string> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  return inClient(settings, context, async (client) => {
    const answer = await client.send(new GetObjectCommand({ Bucket: settings.name, Key: key }), {
      abortSignal: context.signal,
    });
    const path = join(folder, `${randomUUID()}-${basename(key).replaceAll(/[^\w.-]/g, '_')}`);
    const written = await writeBytes(answer.Body as Readable, path);
    if (answer.ContentLength !== undefined && written !== answer.ContentLength)
      throw new SluiceError(
        'source_ended_early',
        `The store sent ${written} of ${answer.ContentLength} bytes of ${key}.`,
      );
    return path;
  });
}

async function inClient<T>(
  settings: BucketSettings,
  context: ConnectContext,
  work: (client: S3Client) => Promise<T>,
  rights = 's3:GetObject',
): Promise<T> {
  const { S3Client: Client } = await import('@aws-sdk/client-s3');
  const agents = createGuardedAgents(context);
  const client = new Client({
    region: settings.region,
    credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
    ...(settings.endpoint !== null && { endpoint: settings.endpoint.href, forcePathStyle: true }),
    followRegionRedirects: false,
    maxAttempts: 3,
    requestHandler: {
      httpAgent: agents.http,
      httpsAgent: agents.https,
      connectionTimeout: context.timeouts.connectMs,
      requestTimeout: context.timeouts.requestMs,
    },
  });
  try {
    return await work(client);
  } catch (thrown) {
    if (context.signal.aborted) throw abortError(context.signal);
    throw failure(thrown, settings, rights);
  } finally {
    client.destroy();
    agents.close();
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (read 2026-11-22) */
function failure(thrown: unknown, { name, endpoint }: BucketSettings, rights: string): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const error = thrown as { name?: string; message?: string; $metadata?: { httpStatusCode?: number } };
  const status = error.$metadata?.httpStatusCode;
  const where = endpoint?.host ?? 'Amazon S3';
  const words = `${where} says: ${error.name ?? 'Error'}: ${error.message ?? ''}`.replace(/[.:\s]*$/, '.');
  if (
    ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken'].includes(error.name ?? '') ||
    status === 401
  ) {
    return new SluiceError('source_auth', words, {
      fix: 'Check the access key and its secret.',
      cause: thrown,
    });
  }
  if (status === 403) {
    return new SluiceError('source_permission', words, {
      fix: `Allow the user s3:ListBucket on arn:aws:s3:::${name} and ${rights} on arn:aws:s3:::${name}/*.`,
      cause: thrown,
    });
  }
  if (status === 404 || status === 301) {
    return new SluiceError('source_failed', words, {
      fix: 'Check bucket, folder and region.',
      cause: thrown,
    });
  }
  if (status !== undefined) return new SluiceError('source_failed', words, { cause: thrown });
  return new SluiceError('source_unreachable', `${where} could not be reached.`, {
    fix: 'Check the endpoint, and that its firewall lets Sluice in.',
    cause: thrown,
  });
}
