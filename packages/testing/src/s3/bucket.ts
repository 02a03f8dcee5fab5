import { createHash, randomUUID } from 'node:crypto';

/** An object as it can be read. */
export interface StoredObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Upload {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, { readonly bytes: Buffer; readonly etag: string }>;
}

/** A refusal in the words of S3. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (2026-11) */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message = code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Every part but the last. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html (2026-11) */
const partBytesMin = 5 * 1024 * 1024;

/** The objects of a bucket, and uploads in parts that are not complete: nobody sees those. */
export class Bucket {
  readonly objects = new Map<string, StoredObject>();
  readonly uploads = new Map<string, Upload>();

  put(key: string, bytes: Buffer, headers: Readonly<Record<string, string>>): StoredObject {
    const object = { bytes, etag: `"${md5(bytes).toString('hex')}"`, headers };
    this.objects.set(key, object);
    return object;
  }

  begin(key: string, headers: Readonly<Record<string, string>>): string {
    const id = randomUUID();
    this.uploads.set(id, { key, headers, parts: new Map() });
    return id;
  }

  part(id: string, key: string, number: number, bytes: Buffer): string {
    if (!(number >= 1 && number <= 10_000)) throw new Refusal(400, 'InvalidArgument');
    const etag = `"${md5(bytes).toString('hex')}"`;
    this.upload(id, key).parts.set(number, { bytes, etag });
    return etag;
  }

  complete(id: string, key: string, asked: readonly { number: number; etag: string }[]): StoredObject {
    const { parts, headers } = this.upload(id, key);
    const chosen = asked.map(({ number, etag }, index) => {
      if (index > 0 && number <= (asked[index - 1]?.number ?? 0)) throw new Refusal(400, 'InvalidPartOrder');
      const part = parts.get(number);
      if (!part || part.etag !== etag) throw new Refusal(400, 'InvalidPart');
      if (index < asked.length - 1 && part.bytes.length < partBytesMin)
        throw new Refusal(400, 'EntityTooSmall');
      return part;
    });
    if (chosen.length === 0) throw new Refusal(400, 'MalformedXML');
    const digests = chosen.map(({ bytes }) => md5(bytes));
    const etag = `"${md5(Buffer.concat(digests)).toString('hex')}-${chosen.length}"`;
    const object = { bytes: Buffer.concat(chosen.map(({ bytes }) => bytes)), etag, headers };
    this.objects.set(key, object);
    this.uploads.delete(id);
    return object;
  }

  abort(id: string, key: string): void {
    this.upload(id, key);
    this.uploads.delete(id);
  }

  private upload(id: string, key: string): Upload {
    const upload = this.uploads.get(id);
    if (upload?.key !== key) throw new Refusal(404, 'NoSuchUpload', 'The specified upload does not exist.');
    return upload;
  }
}

const md5 = (bytes: Buffer): Buffer => createHash('md5').update(bytes).digest();
