import type { AwsSending } from '../../kit/aws-egress.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { Delivery } from '../../kit/destination.ts';
import { loadS3, openS3 } from './client.ts';
import type { S3Settings } from './configuration.ts';

/** The requests that put one file into a bucket. */
export interface Upload {
  put(bytes: Uint8Array): Promise<string>;
  /** Answers the id of an upload in parts. */
  begin(): Promise<string>;
  part(id: string, number: number, bytes: Uint8Array): Promise<string>;
  complete(id: string, etags: readonly string[]): Promise<string>;
  /** Throws away what was uploaded, as well as it can: nobody sees it, but it costs. Never throws. */
  abort(id: string): Promise<void>;
  /** The same with uploads of this name that dead workers have left. Never throws. */
  removeLeftovers(): Promise<void>;
  close(): void;
}

/** How long tidying up may take. */
const tidyMs = 5_000;

/** Opens the requests for one file. Each of the first four throws what the client throws. */
export async function openUpload(
  settings: S3Settings,
  context: ConnectContext,
  { key, delivery }: { readonly key: string; readonly delivery: Delivery },
): Promise<Upload> {
  const s3 = await loadS3();
  const { confirm, signal } = delivery;
  const sending = (): AwsSending => ({
    timeoutMs: context.timeouts.requestMs,
    signal: AbortSignal.any([signal, context.signal]),
    ...(confirm && { beforeSend: () => confirm() }),
  });
  const client = await openS3(settings, context, sending);
  // A run that is stopped still tidies up.
  const tidy = await openS3(settings, context, () => ({
    timeoutMs: tidyMs,
    signal: AbortSignal.timeout(tidyMs),
  }));
  const target = { Bucket: settings.bucket, Key: key };
  const kept = { ...target, ContentType: contentType(key), ...encryptionOf(settings) };
  const abort = (id: string): Promise<void> =>
    tidy.send(new s3.AbortMultipartUploadCommand({ ...target, UploadId: id })).then(
      () => undefined,
      () => undefined,
    );
  return {
    put: async (bytes) => {
      const answer = await client.send(
        new s3.PutObjectCommand({ ...kept, Body: bytes, ContentLength: bytes.length }),
      );
      return answer.ETag ?? '';
    },
    begin: async () => {
      const answer = await client.send(new s3.CreateMultipartUploadCommand(kept));
      return answer.UploadId ?? '';
    },
    part: async (id, number, bytes) => {
      const answer = await client.send(
        new s3.UploadPartCommand({
          ...{ ...target, UploadId: id, PartNumber: number },
          ...{ Body: bytes, ContentLength: bytes.length },
        }),
      );
      return answer.ETag ?? '';
    },
    complete: async (id, etags) => {
      const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
      const answer = await client.send(
        new s3.CompleteMultipartUploadCommand({ ...target, UploadId: id, MultipartUpload: { Parts } }),
      );
      return answer.ETag ?? '';
    },
    abort,
    removeLeftovers: async () => {
      const asked = new s3.ListMultipartUploadsCommand({ Bucket: settings.bucket, Prefix: key });
      const { Uploads = [] } = await tidy.send(asked).catch(() => ({ Uploads: [] }));
      for (const { Key, UploadId } of Uploads) if (Key === key && UploadId) await abort(UploadId);
    },
    close() {
      client.destroy();
      tidy.destroy();
    },
  };
}

function encryptionOf({ encryption, kmsKeyId }: S3Settings) {
  if (encryption === 'default') return {};
  const key = encryption === 'aws:kms' && kmsKeyId !== null ? { SSEKMSKeyId: kmsKeyId } : {};
  return { ServerSideEncryption: encryption, ...key };
}

function contentType(key: string): string {
  if (key.endsWith('.csv')) return 'text/csv; charset=utf-8';
  if (key.endsWith('.ndjson')) return 'application/x-ndjson';
  if (key.endsWith('.gz')) return 'application/gzip';
  if (key.endsWith('.zst')) return 'application/zstd';
  return 'application/vnd.apache.parquet';
}
