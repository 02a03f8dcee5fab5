import type { Readable } from 'node:stream';
import type { SluiceError } from '@sluice/domain/error';
import { clickHouseError, exceptionInBody } from './error.ts';
import type { ClickHouseSettings } from './settings.ts';

const newline = 10;

/**
 * The body of an answer as lines. ClickHouse writes an exception behind the rows that it had sent by then and breaks the
 * connection, so that nobody takes it for the end.
 */
export class AnswerBody {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #settings: ClickHouseSettings;
  /** What came after the last end of a line. */
  #rest: Buffer[] = [];
  /** Whole lines that came behind the one that `nextLines` answered last. */
  #behind: Buffer | null = null;

  constructor(body: Readable, settings: ClickHouseSettings) {
    this.#chunks = body[Symbol.asyncIterator]();
    this.#settings = settings;
  }

  /** Whole lines, each with its end; `null` behind the last one. Throws when the body is over in the middle of a line. */
  async nextLines(): Promise<Buffer | null> {
    if (this.#behind) {
      const lines = this.#behind;
      this.#behind = null;
      return lines;
    }
    for (;;) {
      const chunk = await this.#nextChunk();
      if (chunk === null) {
        const rest = Buffer.concat(this.#rest).toString('utf8');
        if (rest.trim() !== '') throw exceptionInBody(rest, this.#settings);
        return null;
      }
      const end = chunk.lastIndexOf(newline) + 1;
      if (end === 0) {
        this.#rest.push(chunk);
        continue;
      }
      // Only the line that two chunks share is put together; the others stay where they are.
      const shared = this.#rest.length > 0 ? chunk.indexOf(newline) + 1 : 0;
      const lines =
        shared > 0 ? Buffer.concat([...this.#rest, chunk.subarray(0, shared)]) : chunk.subarray(0, end);
      if (shared > 0 && shared < end) this.#behind = chunk.subarray(shared, end);
      this.#rest = end < chunk.length ? [chunk.subarray(end)] : [];
      return lines;
    }
  }

  /** What to throw when there is no row where one should be: all that follows is the exception. */
  async failure(from: Buffer): Promise<SluiceError> {
    this.#rest.unshift(from, ...(this.#behind ? [this.#behind] : []));
    this.#behind = null;
    try {
      for (let chunk = await this.#nextChunk(); chunk; chunk = await this.#nextChunk())
        this.#rest.push(chunk);
    } catch (thrown) {
      return thrown as SluiceError;
    }
    return exceptionInBody(Buffer.concat(this.#rest).toString('utf8'), this.#settings);
  }

  /** The result is not wanted any more. */
  async end(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #nextChunk(): Promise<Buffer | null> {
    try {
      const { done, value } = await this.#chunks.next();
      return done ? null : value;
    } catch (thrown) {
      const rest = Buffer.concat(this.#rest).toString('utf8');
      throw rest.includes('Code: ')
        ? exceptionInBody(rest, this.#settings)
        : clickHouseError(thrown, this.#settings, { answering: true });
    }
  }
}
