import { type FileHandle, open } from 'node:fs/promises';
import { writeWhole } from './spool-writer.ts';

/** Bytes gathered before they are written. */
const bufferBytes = 1024 * 1024;

/**
 * A spool of `kit/source.ts` that is written as bytes: cells go from what the network brought straight into a buffer, and full
 * buffers into the file. Whoever fills it has to wait for `drain` when it `isFull`, or memory grows.
 */
export class SpoolBytes {
  /** Where writers of cells put theirs, from `at` on, after they asked for `room`. */
  out: Buffer = Buffer.allocUnsafe(bufferBytes);
  at = 0;
  rows = 0;
  readonly #file: FileHandle;
  #full: Buffer[] = [];
  readonly #spare: Buffer[] = [];
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Sees to it that so many bytes can be put at `at`; `out` may be another one afterwards. */
  room(bytes: number): void {
    if (this.at + bytes > this.out.length) this.#turn(bytes);
  }

  comma(): void {
    this.room(1);
    this.out[this.at] = 44;
    this.at += 1;
  }

  endRow(): void {
    this.room(1);
    this.out[this.at] = 10;
    this.at += 1;
    this.rows += 1;
  }

  get isFull(): boolean {
    return this.#full.length > 0;
  }

  /** Resolves when what is full is in the file. Throws `storage_full` when the disk is. */
  drain(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      for (let bytes = this.#full.shift(); bytes; bytes = this.#full.shift()) await this.#write(bytes);
    });
    return this.#writing;
  }

  /** Writes what is left. Answers how much the file holds. */
  async finish(): Promise<{ rows: number; bytes: number }> {
    this.#turn(0);
    await this.drain();
    return { rows: this.rows, bytes: this.#bytes };
  }

  /** Closes the file, finished or not. */
  async close(): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#file.close();
  }

  #turn(bytes: number): void {
    if (this.at > 0) this.#full.push(this.out.subarray(0, this.at));
    const spare = bytes <= bufferBytes ? this.#spare.pop() : undefined;
    this.out = spare ?? Buffer.allocUnsafe(Math.max(bufferBytes, bytes));
    this.at = 0;
  }

  async #write(bytes: Buffer): Promise<void> {
    await writeWhole(this.#file, bytes);
    this.#bytes += bytes.length;
    // Only one of the usual size is used again: a cell that needed more leaves nothing behind.
    if (bytes.buffer.byteLength === bufferBytes && this.#spare.length < 2)
      this.#spare.push(Buffer.from(bytes.buffer));
  }
}

export const openSpoolBytes = async (path: string): Promise<SpoolBytes> =>
  new SpoolBytes(await open(path, 'w'));

/**
 * For senders that push: answers what to call after rows were taken. It stops the sender while the disk is slower, and calls
 * `fail` when nothing more can be written.
 */
export function keepPace(
  spool: SpoolBytes,
  sender: { pause(): unknown; resume(): unknown },
  fail: (thrown: unknown) => void,
): () => void {
  let waiting = false;
  return () => {
    if (waiting || !spool.isFull) return;
    waiting = true;
    sender.pause();
    spool.drain().then(() => {
      waiting = false;
      sender.resume();
    }, fail);
  };
}
