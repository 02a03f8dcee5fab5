import type { IncomingMessage } from 'node:http';
import { type Bucket, Refusal } from './bucket.ts';

export type Operation =
  | 'AssumeRole'
  | 'HeadBucket'
  | 'ListObjectsV2'
  | 'ListMultipartUploads'
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'Unknown';

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Which operation a request asks for. */
export function operationOf(request: IncomingMessage): Operation {
  const url = new URL(request.url ?? '/', 'http://s3');
  const [, , ...rest] = url.pathname.split('/');
  const object = rest.join('/') !== '';
  const has = (name: string): boolean => url.searchParams.has(name);
  switch (request.method) {
    case 'POST':
      if (url.pathname === '/') return 'AssumeRole';
      if (has('uploads')) return 'CreateMultipartUpload';
      return has('uploadId') ? 'CompleteMultipartUpload' : 'Unknown';
    case 'PUT':
      if (!object) return 'Unknown';
      return has('uploadId') ? 'UploadPart' : 'PutObject';
    case 'HEAD':
      return object ? 'HeadObject' : 'HeadBucket';
    case 'DELETE':
      return has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject';
    case 'GET':
      if (object) return 'GetObject';
      if (has('uploads')) return 'ListMultipartUploads';
      return url.searchParams.get('list-type') === '2' ? 'ListObjectsV2' : 'Unknown';
    default:
      return 'Unknown';
  }
}

/** Does what a request asks for. Throws `Refusal`. */
export function answerS3(
  operation: Operation,
  request: IncomingMessage,
  body: Buffer,
  buckets: ReadonlyMap<string, Bucket>,
): Answer {
  const url = new URL(request.url ?? '/', 'http://s3');
  const [, name = '', ...rest] = url.pathname.split('/');
  const key = decodeURIComponent(rest.join('/'));
  const bucket = buckets.get(decodeURIComponent(name));
  if (!bucket) throw new Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist');
  const query = (field: string): string => url.searchParams.get(field) ?? '';
  const found = () => {
    const object = bucket.objects.get(key);
    if (!object) throw new Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
    return object;
  };
  switch (operation) {
    case 'HeadBucket':
      return {};
    case 'PutObject':
      return { headers: { etag: bucket.put(key, body, kept(request)).etag } };
    case 'GetObject': {
      const { bytes, etag, headers } = found();
      return { headers: { ...headers, etag, 'content-length': String(bytes.length) }, body: bytes };
    }
    case 'HeadObject': {
      const { bytes, etag, headers } = found();
      return { headers: { ...headers, etag, 'content-length': String(bytes.length) } };
    }
    case 'DeleteObject':
      bucket.objects.delete(key);
      return { status: 204 };
    case 'CreateMultipartUpload':
      return xml(
        `<InitiateMultipartUploadResult><Bucket>${name}</Bucket><Key>${escaped(key)}</Key><UploadId>${bucket.begin(key, kept(request))}</UploadId></InitiateMultipartUploadResult>`,
      );
    case 'UploadPart':
      return {
        headers: { etag: bucket.part(query('uploadId'), key, Number(query('partNumber')), body) },
      };
    case 'CompleteMultipartUpload': {
      const { etag } = bucket.complete(query('uploadId'), key, partsOf(body.toString('utf8')));
      return xml(
        `<CompleteMultipartUploadResult><Key>${escaped(key)}</Key><ETag>${escaped(etag)}</ETag></CompleteMultipartUploadResult>`,
      );
    }
    case 'AbortMultipartUpload':
      bucket.abort(query('uploadId'), key);
      return { status: 204 };
    case 'ListMultipartUploads': {
      const open = [...bucket.uploads].filter(([, upload]) => upload.key.startsWith(query('prefix')));
      const items = open.map(
        ([id, upload]) => `<Upload><Key>${escaped(upload.key)}</Key><UploadId>${id}</UploadId></Upload>`,
      );
      return xml(
        `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${items.join('')}</ListMultipartUploadsResult>`,
      );
    }
    case 'ListObjectsV2':
      return listObjects(bucket, query);
    default:
      throw new Refusal(501, 'NotImplemented');
  }
}

/** Pages by the key after which to go on, as S3 does. */
function listObjects(bucket: Bucket, query: (field: string) => string): Answer {
  const size = Number(query('max-keys') || 1_000);
  const after = query('continuation-token') || query('start-after');
  const keys = [...bucket.objects.keys()]
    .filter((key) => key.startsWith(query('prefix')) && key > after)
    .sort();
  const page = keys.slice(0, size);
  const more = keys.length > page.length;
  const next = more ? `<NextContinuationToken>${escaped(page.at(-1) ?? '')}</NextContinuationToken>` : '';
  const items = page.map(
    (key) =>
      `<Contents><Key>${escaped(key)}</Key><Size>${bucket.objects.get(key)?.bytes.length ?? 0}</Size></Contents>`,
  );
  return xml(
    `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${items.join('')}</ListBucketResult>`,
  );
}

const partsOf = (text: string): { number: number; etag: string }[] =>
  [...text.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
    etag: (/<ETag>([^<]*)</.exec(part)?.[1] ?? '').replaceAll('&quot;', '"'),
  }));

/** Headers that come back when the object is read. */
const kept = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name === 'content-type' || /^x-amz-(meta-|server-side-encryption)/.test(name))
      .map(([name, value]) => [name, String(value)]),
  );

const xml = (body: string): Answer => ({
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
});

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
