import { expect, test } from 'vitest';
import { jsonRows } from '../json-rows.ts';

test('cuts rows into texts that a request has room for, and loses none', () => {
  const rows = Array.from({ length: 40 }, (_, index) => [
    String(index),
    index % 2 === 0 ? null : 'é'.repeat(500_000),
  ]);
  const texts = jsonRows(['id', 'text'], rows);
  expect(texts.length).toBeGreaterThan(2);
  for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThan(7_500_000);
  const read = texts.flatMap((text) => JSON.parse(text) as { id: string; text: string | null }[]);
  expect(read.map(({ id, text }) => [id, text])).toEqual(rows);
});

test('makes no text of no rows', () => {
  expect(jsonRows(['id'], [])).toEqual([]);
});
