import type { FileHandle } from 'node:fs/promises';
import type { Connection, Submittable } from 'pg';

/** Opens the next file of a result that is written in parts; the one before is complete. */
export type NextPart = () => Promise<FileHandle>;

/**
 * Runs `COPY (…) TO STDOUT` and writes what arrives to a file as it is: bytes are gathered into one buffer, no row
 * becomes an object. Sent over the extended protocol, so that the server takes it as exactly one statement. The
 * socket is paused while the disk is slower than the network.
 *
 * `done` resolves with what the server said it had sent, after everything is in the file, and rejects when either end
 * fails: a result without the server's word for its completeness is a failure.
 */
export class CopyOut implements Submittable {
  readonly #text: string;
  readonly #nextPart: NextPart | null;
  #file: FileHandle;
  #inPart = 0;
  readonly #onProgress: (rows: number) => void;
  readonly #outcome = Promise.withResolvers<{ rows: number; bytes: number }>();
  #socket: { pause(): unknown; resume(): unknown } | null = null;
  #buffer = Buffer.allocUnsafe(bufferBytes);
  /** Buffers that are on disk: to take new ones for every piece makes the collector run for nothing. */
  readonly #written: Buffer<ArrayBuffer>[] = [];
  #filled = 0;
  #bytes = 0;
  #seen = 0;
  #rows: number | null = null;
  #writing: Promise<void> = Promise.resolve();
  #pending = 0;
  #failed = false;

  /** With `nextPart` a long result is cut between rows into files of `partBytes`. */
  constructor(
    text: string,
    file: FileHandle,
    onProgress: (rows: number) => void,
    nextPart: NextPart | null = null,
  ) {
    this.#text = text;
    this.#file = file;
    this.#onProgress = onProgress;
    this.#nextPart = nextPart;
  }

  done(): Promise<{ rows: number; bytes: number }> {
    return this.#outcome.promise;
  }

  submit(connection: Connection): void {
    this.#socket = connection.stream;
    connection.parse({ name: '', text: this.#text, types: [] }, true);
    connection.bind({ portal: '', statement: '', values: [] }, true);
    connection.execute({ portal: '' }, true);
    connection.sync();
  }

  /** Servers send one row a message; that count is for watching, the server's own is what counts in the end. */
  handleCopyData(message: { chunk: Buffer }): void {
    if (this.#failed) return;
    this.#seen++;
    // The driver uses its buffer again after this call, so the bytes are copied.
    for (let chunk = message.chunk; chunk.length > 0; ) {
      const taken = chunk.copy(this.#buffer, this.#filled);
      this.#filled += taken;
      chunk = chunk.subarray(taken);
      if (this.#filled === bufferBytes) this.#flush();
    }
    this.#inPart += message.chunk.length;
    if (this.#inPart >= partBytes && this.#nextPart) this.#turnTo(this.#nextPart);
  }

  handleCommandComplete(message: { text?: string }): void {
    const rows = /^COPY (\d+)$/.exec(message.text ?? '')?.[1];
    if (rows !== undefined) this.#rows = Number(rows);
  }

  handleReadyForQuery(): void {
    this.#flush();
    this.#writing.then(
      () => {
        if (this.#rows === null) {
          this.#outcome.reject(new Error('COPY ended without its count'));
          return;
        }
        this.#onProgress(this.#rows);
        this.#outcome.resolve({ rows: this.#rows, bytes: this.#bytes });
      },
      () => {},
    );
  }

  handleError(error: Error): void {
    this.#failed = true;
    this.#outcome.reject(error);
  }

  #flush(): void {
    const full = { buffer: this.#buffer, length: this.#filled };
    this.#buffer = this.#written.pop() ?? Buffer.allocUnsafe(bufferBytes);
    this.#filled = 0;
    this.#pending++;
    this.#socket?.pause();
    this.#writing = this.#writing.then(() => this.#write(full));
    this.#writing.catch((error: unknown) => this.#fail(error));
  }

  /**
   * Between two messages is between two rows: "messages sent from the backend will always correspond to single data rows".
   * https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COPYDATA (2026-11)
   */
  #turnTo(nextPart: NextPart): void {
    this.#inPart = 0;
    this.#flush();
    this.#writing = this.#writing.then(async () => {
      this.#file = await nextPart();
    });
    this.#writing.catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#outcome.reject(error);
    this.#socket?.resume();
  }

  async #write({ buffer, length }: { buffer: Buffer<ArrayBuffer>; length: number }): Promise<void> {
    for (let written = 0; written < length; ) {
      written += (await this.#file.write(buffer, written, length - written)).bytesWritten;
    }
    this.#bytes += length;
    this.#written.push(buffer);
    this.#onProgress(this.#seen);
    this.#pending--;
    if (this.#pending === 0) this.#socket?.resume();
  }
}

const bufferBytes = 256 * 1024;
/** Small enough that even a short result is read by several threads, large enough that files stay few. */
const partBytes = 16 * 1024 * 1024;
