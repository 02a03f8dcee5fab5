import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { SluiceError } from '@sluice/domain/error';
import type { Duck } from '../duck.ts';
import { filesOf, type SpoolFiles } from './spool-file.ts';

/**
 * Reads a spool. When one of its rows is longer than may be read, it is read again with every such row cut: its long values
 * are gone, and `oversize` says how many bytes it had. The work of looking at each byte is done only then.
 */
export async function withLongRowsCut<T>(
  duck: Pick<Duck, 'rowBytesMax'>,
  spool: SpoolFiles,
  read: (spool: SpoolFiles) => Promise<T>,
): Promise<T> {
  try {
    return await read(spool);
  } catch (thrown) {
    const tooLong = thrown instanceof SluiceError && thrown.details?.rowBytesMax !== undefined;
    if (!tooLong || spool.cut) throw thrown;
    for (const path of filesOf(spool)) {
      await cutFile(path, `${path}.cut`, { rowBytesMax: duck.rowBytesMax, columns: spool.columns.length });
      await rename(`${path}.cut`, path);
    }
    return read({ ...spool, cut: true });
  }
}

/** The longest value that stays in a row that is cut. */
const keptBytesMax = 4_096;

interface Limits {
  readonly rowBytesMax: number;
  readonly columns: number;
}

/** Copies rows with one more column behind them: NULL, or the number of bytes that a longer row had before it was cut. */
async function cutFile(from: string, to: string, limits: Limits): Promise<void> {
  const out = await open(to, 'w');
  try {
    const cutter = new RowCutter(out, limits);
    for await (const chunk of createReadStream(from, { highWaterMark: 1 << 20 })) {
      await cutter.take(chunk as Buffer);
    }
    await cutter.end();
  } finally {
    await out.close();
  }
}

const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;

/** Holds at most one row of the permitted length, and of a longer one its short values. */
class RowCutter {
  readonly #out: FileHandle;
  readonly #limits: Limits;
  #written: Buffer[] = [];
  #writtenBytes = 0;
  /** Of the row that is being read. */
  #pieces: Buffer[] = [];
  #bytes = 0;
  #quoted = false;
  #long: LongRow | null = null;

  constructor(out: FileHandle, limits: Limits) {
    this.#out = out;
    this.#limits = limits;
  }

  async take(chunk: Buffer): Promise<void> {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === quote) this.#quoted = !this.#quoted;
      else if (byte === lineFeed && !this.#quoted) {
        this.#add(chunk.subarray(start, at));
        this.#endRow();
        start = at + 1;
      }
    }
    // The chunk is given back to the stream.
    this.#add(Buffer.from(chunk.subarray(start)));
    await this.#flush();
  }

  async end(): Promise<void> {
    if (this.#bytes > 0) this.#endRow();
    await this.#flush();
  }

  #add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#bytes += piece.length;
    if (this.#long) {
      this.#long.add(piece);
      return;
    }
    this.#pieces.push(piece);
    if (this.#bytes <= this.#limits.rowBytesMax) return;
    const { rowBytesMax, columns } = this.#limits;
    this.#long = new LongRow(Math.min(keptBytesMax, Math.floor(rowBytesMax / (columns + 1))));
    for (const one of this.#pieces) this.#long.add(one);
    this.#pieces = [];
  }

  #endRow(): void {
    const row = this.#long
      ? [this.#long.text(), Buffer.from(`,${this.#bytes}\n`)]
      : [...this.#pieces, noSize];
    for (const piece of row) {
      this.#written.push(piece);
      this.#writtenBytes += piece.length;
    }
    this.#pieces = [];
    this.#bytes = 0;
    this.#long = null;
  }

  async #flush(): Promise<void> {
    if (this.#writtenBytes === 0) return;
    await this.#out.write(Buffer.concat(this.#written));
    this.#written = [];
    this.#writtenBytes = 0;
  }
}

const noSize = Buffer.from(',\n');

/** A row of which only short values are kept, as they are written; the others become NULL. */
class LongRow {
  readonly #keptMax: number;
  readonly #cells: Buffer[] = [];
  #cell: Buffer[] = [];
  #cellBytes = 0;
  #quoted = false;

  constructor(keptMax: number) {
    this.#keptMax = keptMax;
  }

  add(piece: Buffer): void {
    let start = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at];
      if (byte === quote) this.#quoted = !this.#quoted;
      else if (byte === comma && !this.#quoted) {
        this.#keep(piece.subarray(start, at));
        this.#endCell();
        start = at + 1;
      }
    }
    this.#keep(piece.subarray(start));
  }

  text(): Buffer {
    this.#endCell();
    return Buffer.concat(this.#cells.flatMap((cell, index) => (index === 0 ? [cell] : [separator, cell])));
  }

  #keep(part: Buffer): void {
    this.#cellBytes += part.length;
    if (this.#cellBytes <= this.#keptMax) this.#cell.push(Buffer.from(part));
  }

  #endCell(): void {
    this.#cells.push(this.#cellBytes <= this.#keptMax ? Buffer.concat(this.#cell) : Buffer.alloc(0));
    this.#cell = [];
    this.#cellBytes = 0;
  }
}

const separator = Buffer.from(',');
