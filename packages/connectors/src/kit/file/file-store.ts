import type { RequestView, ResponseView } from '@sluice/domain/sync';
import type { Delivery } from '../destination.ts';

/** A place that keeps files under names. */
export interface FileStore {
  /**
   * Writes a file so that its name holds the whole of it or what it held before; what was begun and not completed is
   * removed, as well as it can be. Answers what the place said when the file was complete.
   *
   * Throws `NotAdmitted` when the run stops, `FileNotStored` for what may work later, a SluiceError when going on is
   * useless, and what `bytes` throws.
   */
  put(name: string, bytes: AsyncIterable<Uint8Array>, delivery: Delivery): Promise<ResponseView>;
  /** The request as people read it: `PUT s3://bucket/name`. */
  view(name: string): Pick<RequestView, 'summary' | 'headers'>;
  close(): Promise<void>;
}

/** The file is not there, and may be with another try. */
export class FileNotStored extends Error {
  readonly code: string;
  readonly afterMs: number | undefined;
  /** It may be there all the same: the answer to the request that completes it was lost. */
  readonly inDoubt: boolean;

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; afterMs?: number; inDoubt?: boolean } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'FileNotStored';
    this.code = code;
    this.afterMs = options.afterMs;
    this.inDoubt = options.inDoubt ?? false;
  }
}
