import { readFile, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from '../../../kit/sql/spool-writer.ts';
import { readAll } from '../../../kit/sql/sql-source.ts';
import { spoolPath } from '../../__tests__/spooled-rows.ts';
import { readResult } from '../read-result.ts';
import { readClickHouseSettings } from '../settings.ts';
import { spoolRows } from '../spool-rows.ts';

const settings = readClickHouseSettings({ url: 'http://127.0.0.1:8123', database: 'shop', user: 'reader' });
const types = [
  'Nullable(String)',
  'Int64',
  'Float64',
  'Decimal(38, 9)',
  "DateTime64(6, 'UTC')",
  'JSON',
  'Date',
];
const head = `${JSON.stringify(types.map((_, index) => `c${index}`))}\n${JSON.stringify(types)}\n`;

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\\', ' ', 'é', '🙂', '\0', '{', ']') }),
);
const row = fc
  .tuple(
    fc.option(text),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
    fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('nan', 'inf', '-inf')),
    fc.constantFrom('1.5', '-0.000', '120', '0.10', '1e-9', '12345678901234567890123456789.123456789'),
    fc.constantFrom('"2026-02-28T01:02:03.500000Z"', '"1900-01-01T00:00:00.000000Z"', 'null'),
    fc.oneof(fc.jsonValue(), fc.dictionary(text, text)),
    fc.constantFrom('"1970-01-01"', 'null'),
  )
  .map(([first, second, third, fourth, fifth, sixth, seventh]) => [
    JSON.stringify(first),
    String(second),
    JSON.stringify(third),
    fourth,
    fifth,
    JSON.stringify(sixth),
    seventh,
  ]);

/** The body in pieces as a network brings them. */
const inPieces = (body: Buffer, sizes: readonly number[]): Readable => {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < body.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(body.subarray(at, at + size));
    at += size;
  }
  return Readable.from(pieces, { objectMode: true });
};
const sizes = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 5 });
const comma = fc.constantFrom(',', ', ');

test('a whole result says what its rows say one by one, however the network cuts it', async () => {
  const path = spoolPath();
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), sizes, comma, async (rows, cut, between) => {
      const body = Buffer.from(`${head}${rows.map((cells) => `[${cells.join(between)}]\n`).join('')}`);
      const read = await readAll(await readResult(inPieces(body, cut), settings));
      const spooled = await spoolRows(inPieces(body, cut), settings, path, () => {});
      const file = await readFile(path, 'utf8');
      expect(file).toBe(read.rows.map(csvLine).join(''));
      expect(spooled).toEqual({ columns: read.columns, rows: rows.length, bytes: Buffer.byteLength(file) });
    }),
    { numRuns: 200 },
  );
  await rm(path);
});

test.each([
  ['an exception', '[1]\n[2]\nCode: 241. DB::Exception: Memory limit exceeded.\n', 'source_failed'],
  [
    'an exception behind a tag',
    '[1]\r\n__exception__\r\nabc\r\nCode: 159. DB::Exception: Late.\n',
    'source_timeout',
  ],
  ['half a row', '[1]\n[2', 'source_ended_early'],
  ['too few cells', '[1]\n[]\n', 'source_ended_early'],
  ['too many cells', '[1]\n[1, 2]\n', 'source_ended_early'],
])('%s in the place of a row is no row, however the network cuts it', async (_what, rows, code) => {
  const body = Buffer.from(`["a"]\n["UInt8"]\n${rows}`);
  await fc.assert(
    fc.asyncProperty(sizes, async (cut) => {
      const spooling = spoolRows(inPieces(body, cut), settings, '/dev/null', () => {});
      await expect(spooling).rejects.toMatchObject({ code });
    }),
    { numRuns: 20 },
  );
});
