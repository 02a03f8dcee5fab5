import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { BlobStore } from '@sluice/engine/ports';
import { blobMissing, checkedKey, storageError } from './blob-key.ts';

/** Where blobs lie in a bucket, as `s3://bucket/prefix?endpoint=…&region=…&pathStyle=…` says. */
interface BucketAddress {
  readonly bucket: string;
  /** Ends with a slash, or is empty. */
  readonly prefix: string;
  readonly client: S3ClientConfig;
}

/** A download that broke is begun again so often. */
const readsMax = 3;

/**
 * Blobs as objects of a bucket, shared by all processes. An object is there whole or not at all, and what was put is what
 * is read next. Keys of the operator come from where Amazon's clients look for them: the environment, a role of the machine.
 */
export function openS3BlobStore(url: string): BlobStore {
  const { bucket, prefix, client: options } = readAddress(url);
  const directory = join(tmpdir(), 'sluice-blobs');
  // The vendor's module is large: it is loaded with the first blob.
  const opened = once(async () => {
    const s3 = await import('@aws-sdk/client-s3');
    const { Upload } = await import('@aws-sdk/lib-storage');
    await mkdir(directory, { recursive: true });
    return { ...s3, Upload, client: new s3.S3Client({ ...options, maxAttempts: 5 }) };
  });
  const target = (key: string) => ({ Bucket: bucket, Key: `${prefix}${checkedKey(key)}` });

  const download = async (key: string, path: string): Promise<void> => {
    const { client, GetObjectCommand } = await opened();
    const { Body, ContentLength } = await client.send(new GetObjectCommand(target(key)));
    const file = createWriteStream(path);
    await pipeline(Body as Readable, file);
    if (ContentLength !== undefined && file.bytesWritten !== ContentLength) {
      throw new Error(`${file.bytesWritten} of ${ContentLength} bytes of a blob came`);
    }
  };

  return {
    async put(key, localPath) {
      const { client, Upload } = await opened();
      const params = { ...target(key), Body: createReadStream(localPath) };
      await new Upload({ client, params, queueSize: 2, partSize: 8 * 1024 * 1024 }).done();
      await rm(localPath, { force: true });
    },
    async read(key) {
      await opened();
      const path = join(directory, randomUUID());
      const release = () => rm(path, { force: true });
      for (let attempt = 1; ; attempt += 1) {
        try {
          await download(key, path);
          return { path, release };
        } catch (thrown) {
          await release();
          // Only a store that says so: a plan that cannot be reached is not a plan that is gone.
          if (thrown instanceof Error && thrown.name === 'NoSuchKey') throw blobMissing(key, thrown);
          if (attempt === readsMax) throw storageError(thrown);
        }
      }
    },
    async remove(key) {
      const { client, DeleteObjectCommand } = await opened();
      await client.send(new DeleteObjectCommand(target(key)));
    },
    async *list(from) {
      const { client, ListObjectsV2Command } = await opened();
      for (let token: string | undefined; ; ) {
        const page = await client.send(
          new ListObjectsV2Command({
            ...{ Bucket: bucket, Prefix: `${prefix}${from}` },
            ...(token !== undefined && { ContinuationToken: token }),
          }),
        );
        for (const { Key = '' } of page.Contents ?? []) yield Key.slice(prefix.length);
        token = page.NextContinuationToken;
        if (!page.IsTruncated || token === undefined) return;
      }
    },
  };
}

function readAddress(text: string): BucketAddress {
  const url = new URL(text);
  const { searchParams } = url;
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  const endpoint = searchParams.get('endpoint');
  const region = searchParams.get('region');
  const pathStyle = searchParams.get('pathStyle');
  return {
    bucket: url.hostname,
    prefix: prefix === '' ? '' : `${prefix}/`,
    client: {
      // Without a region: from the environment. Stores of one's own take any.
      ...(region !== null ? { region } : endpoint !== null && { region: 'us-east-1' }),
      ...(endpoint !== null && { endpoint, requestChecksumCalculation: 'WHEN_REQUIRED' }),
      forcePathStyle: pathStyle === null ? endpoint !== null : pathStyle === 'true',
    },
  };
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | null = null;
  return () => {
    opening ??= open();
    return opening;
  };
}
