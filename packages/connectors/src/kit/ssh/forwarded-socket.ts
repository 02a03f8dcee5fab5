import { Duplex } from 'node:stream';
import type { ClientChannel } from 'ssh2';

/**
 * A connection that an SSH server has made for us, in the form that drivers want: the part of `net.Socket` that they use. When
 * the SSH connection breaks it fails (`ECONNRESET`): ssh2's own channels then end as if all had been sent.
 */
export class ForwardedSocket extends Duplex {
  readonly #channel: ClientChannel;
  #waiting: ((error?: Error | null) => void) | null = null;
  #silenceMs = 0;
  #silence: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(channel: ClientChannel) {
    super({ allowHalfOpen: false });
    this.#channel = channel;
    channel.on('data', (bytes: Buffer) => {
      this.#silence?.refresh();
      if (!this.push(bytes)) channel.pause();
    });
    channel.once('end', () => this.push(null));
    channel.once('close', () => {
      this.#closed = true;
      this.#waiting?.(reset('The connection was closed.'));
    });
    channel.on('error', (error: Error) => this.destroy(error));
  }

  /** The SSH connection is gone, and whatever had not arrived with it. */
  fail(): void {
    this.destroy(reset('The SSH connection broke.'));
  }

  /** It is connected already; drivers that dial by themselves want to hear so. */
  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }

  /** `timeout` is emitted after so many milliseconds in which nothing came or went; 0 = never. */
  setTimeout(milliseconds: number, listener?: () => void): this {
    if (this.#silence) clearTimeout(this.#silence);
    this.#silenceMs = milliseconds;
    this.#silence = milliseconds > 0 ? setTimeout(() => this.emit('timeout'), milliseconds).unref() : null;
    if (listener) this[milliseconds > 0 ? 'once' : 'off']('timeout', listener);
    return this;
  }

  get timeout(): number {
    return this.#silenceMs;
  }

  /** Ends it when what was written has left. */
  destroySoon(): void {
    this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  // The SSH connection has these for all that goes through it.
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(bytes: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#closed) {
      done(reset('The connection was closed.'));
      return;
    }
    this.#silence?.refresh();
    // A channel that closes meanwhile never answers.
    const once = (error?: Error | null): void => {
      this.#waiting = null;
      done(error);
    };
    this.#waiting = once;
    this.#channel.write(bytes, encoding, () => {
      if (this.#waiting === once) once();
    });
  }

  override _final(done: () => void): void {
    this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#silence) clearTimeout(this.#silence);
    this.#channel.destroy();
    this.#channel.resume();
    // As late as sockets of the system close: TLS over it, which ends it one turn before itself, has to tell its failure first.
    setImmediate(() => setImmediate(() => done(error)));
  }
}

const reset = (message: string): Error => Object.assign(new Error(message), { code: 'ECONNRESET' });
