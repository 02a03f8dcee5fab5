import { setTimeout as pause } from 'node:timers/promises';
import { SluiceError } from '@sluice/domain/error';
import type { ResponseView } from '@sluice/domain/sync';
import { abortError } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { type Delivery, NotAdmitted } from '../../kit/destination.ts';
import { FileNotStored, type FileStore } from '../../kit/file/file-store.ts';
import type { S3Settings } from './configuration.ts';
import { s3Failure } from './error.ts';
import { inParts, partsMax } from './in-parts.ts';
import { openUpload, type Upload } from './open-upload.ts';

/** Tries of one request before the whole file is begun again, and the pause before the second. */
const triesMax = 4;
const pauseMs = 100;

/** Puts files into a bucket: small ones with one request, larger ones in parts that nobody sees before all are there. */
export function createStore(settings: S3Settings, context: ConnectContext): FileStore {
  const put = async (
    name: string,
    bytes: AsyncIterable<Uint8Array>,
    delivery: Delivery,
  ): Promise<ResponseView> => {
    const upload = await openUpload(settings, context, { key: `${settings.prefix}${name}`, delivery });
    const send = <T>(request: () => Promise<T>): Promise<T> => persist(request, settings, delivery);
    const parts = inParts(bytes);
    try {
      const first = await parts.next();
      const second = await parts.next();
      if (second.done) {
        const etag = await completing(send, () => upload.put(first.value ?? new Uint8Array()));
        return answer(etag, 1);
      }
      await upload.removeLeftovers();
      const id = await send(() => upload.begin());
      return await inManyParts(upload, { id, send, parts, begun: [first.value as Uint8Array, second.value] });
    } finally {
      await parts.return(undefined);
      upload.close();
    }
  };

  return {
    put,
    view: (name) => ({
      summary: `PUT s3://${settings.bucket}/${settings.prefix}${name}`,
      headers: {},
    }),
    close: () => Promise.resolve(),
  };
}

type Send = <T>(request: () => Promise<T>) => Promise<T>;

async function inManyParts(
  upload: Upload,
  {
    id,
    send,
    parts,
    begun,
  }: {
    readonly id: string;
    readonly send: Send;
    readonly parts: AsyncIterable<Uint8Array>;
    readonly begun: readonly Uint8Array[];
  },
): Promise<ResponseView> {
  const etags: string[] = [];
  const add = async (bytes: Uint8Array): Promise<void> => {
    const number = etags.length + 1;
    etags.push(await send(() => upload.part(id, number, bytes)));
  };
  try {
    for (const bytes of begun) await add(bytes);
    for await (const bytes of parts) {
      if (etags.length === partsMax) throw tooLarge();
      await add(bytes);
    }
    const etag = await completing(send, () => upload.complete(id, etags));
    return answer(etag, etags.length);
  } catch (thrown) {
    // Where it may be complete there is nothing to take back.
    if (!(thrown instanceof FileNotStored && thrown.inDoubt)) await upload.abort(id);
    throw thrown;
  }
}

/** The request after which the file is visible: where its answer was lost, nobody knows whether it is. */
async function completing(send: Send, request: () => Promise<string>): Promise<string> {
  let lost = false;
  try {
    return await send(async () => {
      try {
        return await request();
      } catch (thrown) {
        lost ||= answerWasLost(thrown);
        throw thrown;
      }
    });
  } catch (thrown) {
    if (!lost || (thrown instanceof FileNotStored && thrown.inDoubt)) throw thrown;
    const message = thrown instanceof Error ? thrown.message : 'no answer';
    throw new FileNotStored('no_answer', message, { cause: thrown, inDoubt: true });
  }
}

/** A broken connection, or a server error after which the work may have been done. */
function answerWasLost(thrown: unknown): boolean {
  const one = thrown as { sent?: boolean; name?: string; $metadata?: { httpStatusCode?: number } };
  const status = one?.$metadata?.httpStatusCode;
  if (thrown instanceof NotAdmitted || thrown instanceof SluiceError || one?.sent === false) return false;
  return status === undefined ? true : status >= 500 && one.name !== 'SlowDown';
}

/** Sends a request until it is answered, at most `triesMax` times. All of them may be repeated. */
async function persist<T>(
  request: () => Promise<T>,
  settings: S3Settings,
  { admit, signal }: Delivery,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    await admit();
    try {
      return await request();
    } catch (thrown) {
      if (thrown instanceof NotAdmitted) throw thrown;
      if (signal.aborted) throw abortError(signal);
      const failure = s3Failure(thrown, settings);
      // An upload that is gone does not come back.
      const again = failure instanceof FileNotStored && failure.code !== 'NoSuchUpload';
      if (!again || attempt === triesMax) throw failure;
      await pause(Math.random() * pauseMs * 2 ** attempt, undefined, { signal });
    }
  }
}

const answer = (etag: string, parts: number): ResponseView => ({
  summary: parts === 1 ? '200 OK' : `200 OK, ${parts} parts`,
  headers: { etag },
  body: null,
});

const tooLarge = (): FileNotStored =>
  new FileNotStored('too_large', 'The file is larger than 80 GiB: bound the rows of one file.');
