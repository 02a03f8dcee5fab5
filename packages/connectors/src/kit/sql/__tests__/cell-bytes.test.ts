import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalText, float32Text, floatText, timestampText } from '../canonical.ts';
import { momentBytes, numberBytes, textBytes, viaText, type WriteCell, writeText } from '../cell-bytes.ts';
import { openSpoolBytes } from '../spool-bytes.ts';
import { csvLine } from '../spool-writer.ts';

const path = join(tmpdir(), `sluice-cell-bytes-${process.pid}.csv`);

/** Bytes of a spool with a row for each cell. */
async function spooled(write: WriteCell, cells: readonly Buffer[]): Promise<Buffer> {
  const spool = await openSpoolBytes(path);
  try {
    for (const cell of cells) {
      // In the midst of other bytes, as they come.
      const around = Buffer.concat([Buffer.from('7,"'), cell, Buffer.from('0"')]);
      write(spool, around, 3, 3 + cell.length);
      spool.endRow();
      if (spool.isFull) await spool.drain();
    }
    const { rows, bytes } = await spool.finish();
    const file = await readFile(path);
    expect([rows, bytes]).toEqual([cells.length, file.length]);
    return file;
  } finally {
    await spool.close();
    await rm(path);
  }
}

/** Every text is written as the canonical function and `csvLine` say it. */
async function agrees(write: WriteCell, read: (text: string) => string, cells: readonly string[]) {
  const lines = cells.map((cell) => csvLine([read(cell)]));
  const file = await spooled(
    write,
    cells.map((cell) => Buffer.from(cell)),
  );
  expect(file.toString()).toBe(lines.join(''));
}

const textOf = (source: Buffer, from: number, to: number): string => source.toString('utf8', from, to);
const unusual = (read: (text: string) => string): WriteCell =>
  viaText((source, from, to) => read(textOf(source, from, to)));
const sampled = <T>(values: fc.Arbitrary<T>): T[] => fc.sample(values, { numRuns: 2_000, seed: 7 });

describe('a cell whose bytes are copied is the cell that its canonical text says', () => {
  test('text, whatever is in it', async () => {
    const letters = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '🙂', '\0', '\\'),
    });
    const cells = ['', '"', '\uFEFF', ...sampled(letters), ...sampled(fc.string({ unit: 'binary' }))];
    await agrees(textBytes, (text) => text, cells);
  });

  test('bytes that are no UTF-8', async () => {
    const cells = sampled(fc.uint8Array({ maxLength: 12 })).map((bytes) => Buffer.from(bytes));
    const lines = cells.map((cell) => csvLine([cell.toString('utf8')]));
    expect((await spooled(textBytes, cells)).equals(Buffer.from(lines.join('')))).toBe(true);
  });

  const numerals = fc.string({
    unit: fc.constantFrom('0', '0', '1', '9', '.', '-'),
    minLength: 1,
    maxLength: 12,
  });
  const plain = sampled(numerals).filter((text) => /^-?\d*\.?\d*$/.test(text) && /\d/.test(text));

  test('decimals', async () => {
    const known = ['1.500', '-0.00', '-0', '0.0', '000123.0', '1E+3', '+1', '.5', '5.', '-.50', '1.25e-4'];
    await agrees(numberBytes(unusual(decimalText)), decimalText, [...known, ...plain]);
  });

  test('doubles', async () => {
    const read = (text: string): string => floatText(Number(text));
    const doubles = sampled(fc.double({ noNaN: true, noDefaultInfinity: true }));
    const known = ['1e300', '-0', '0.000001', '0.0000001', '0.00000015', '123456789012345678', '0.1000'];
    const cells = [...known, ...plain, ...doubles.map(String), ...doubles.map((one) => one.toPrecision(15))];
    await agrees(numberBytes(unusual(read), 15), read, cells);
  });

  test('floats of four bytes', async () => {
    const read = (text: string): string => float32Text(Number(text));
    const floats = sampled(fc.float({ noNaN: true, noDefaultInfinity: true }));
    const cells = [...plain, ...floats.map((one) => one.toPrecision(6)), ...floats.map(String)];
    await agrees(numberBytes(unusual(read), 6), read, cells);
  });

  const fraction = fc.constantFrom('', '.5', '.500', '.000000', '.123456', '.100000000');
  const moments = sampled(
    fc.tuple(fc.date({ noInvalidDate: true }), fraction, fc.constantFrom(' ', 'T')),
  ).map(([date, digits, gap]) =>
    date
      .toISOString()
      .replace('T', gap)
      .replace(/\.\d+Z$/, digits),
  );
  const odd = [
    'infinity',
    '0044-03-15 00:00:00 BC',
    '10000-01-01 00:00:00',
    '2026-01-01',
    '2026-01-01 00:00:00.5 BC',
  ];

  test('moments without a zone', () =>
    agrees(
      momentBytes(
        '',
        '',
        unusual((text) => timestampText(text, '')),
      ),
      (text) => timestampText(text, ''),
      [...moments, ...odd],
    ));

  test('moments in UTC', async () => {
    const read = (text: string): string => timestampText(text.replace(/\+00$/, ''), 'Z');
    const cells = [...moments.map((text) => `${text}+00`), ...odd, ...odd.map((text) => `${text}+00`)];
    await agrees(momentBytes('+00', 'Z', unusual(read)), read, cells);
  });
});

test('cells that are longer than a buffer, and those at its end, stay whole', async () => {
  const lengths = [1_200_000, 10, 1_048_575, 1, 2_800_000, 1_048_576, 5, 1_048_570];
  const cells = lengths.map((length, index) => `${index}${','.repeat(index % 2)}${'x'.repeat(length)}`);
  await agrees(textBytes, (text) => text, cells);
  const days = Array.from({ length: 120_000 }, () => '2026-02-28 01:02:03.500+00');
  await agrees(
    momentBytes(
      '+00',
      'Z',
      unusual((text) => text),
    ),
    () => '2026-02-28T01:02:03.5Z',
    days,
  );
});

test('canonical text is written as csvLine has it', async () => {
  const texts = ['', 'a,b', '"', 'plain', 'é'];
  const spool = await openSpoolBytes(path);
  for (const text of texts) {
    writeText(spool, text);
    spool.comma();
    spool.endRow();
  }
  await spool.finish();
  await spool.close();
  expect(await readFile(path, 'utf8')).toBe(texts.map((text) => csvLine([text, null])).join(''));
  await rm(path);
});
