import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { Reader } from './wire.ts';

/** A message as it lies in a topic. */
export interface StoredMessage {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RecordBatch {
  readonly producerId: bigint;
  readonly epoch: number;
  readonly baseSequence: number;
  readonly compression: number;
  readonly messages: readonly StoredMessage[];
}

/**
 * Reads a record batch of format 2, and checks its sum. Throws where it is not one.
 * https://kafka.apache.org/documentation/#recordbatch (2026-11)
 */
export function readRecordBatch(bytes: Buffer): RecordBatch {
  const reader = new Reader(bytes);
  reader.int64();
  const length = reader.int32();
  if (length !== reader.left) throw new Error(`a batch of ${length} bytes has ${reader.left}`);
  reader.int32();
  if (reader.int8() !== 2) throw new Error('not format 2');
  const sum = reader.uint32();
  if (crc32c(bytes.subarray(bytes.length - reader.left)) !== sum) throw new Error('the sum is wrong');
  const compression = reader.int16() & 7;
  const lastOffset = reader.int32();
  reader.int64();
  reader.int64();
  const head = { producerId: reader.int64(), epoch: reader.int16(), baseSequence: reader.int32() };
  const count = reader.int32();
  if (lastOffset !== count - 1) throw new Error('offsets do not fit the count');
  const records = new Reader(decompressed(reader.raw(reader.left), compression));
  const messages = Array.from({ length: count }, (_, index) => readRecord(records, index));
  if (records.left > 0) throw new Error('bytes are left after the last record');
  return { ...head, compression, messages };
}

function readRecord(records: Reader, index: number): StoredMessage {
  const length = records.varint();
  const before = records.left;
  records.int8();
  records.varint();
  if (records.varint() !== index) throw new Error('a record has another offset');
  const text = (bytes: Buffer | null): string | null => bytes?.toString('utf8') ?? null;
  const key = text(records.varData());
  const value = text(records.varData());
  const headers = Array.from({ length: records.varint() }, () => [
    text(records.varData()),
    text(records.varData()),
  ]);
  if (before - records.left !== length) throw new Error('a record has another length');
  return { key, value, headers: Object.fromEntries(headers) };
}

function decompressed(bytes: Buffer, compression: number): Buffer {
  if (compression === 0) return bytes;
  if (compression === 1) return gunzipSync(bytes);
  if (compression === 4) return zstdDecompressSync(bytes);
  throw new Error(`compression ${compression}`);
}

const table = Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** Castagnoli's sum. https://datatracker.ietf.org/doc/html/rfc3720#appendix-B.4 */
function crc32c(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ (table[(sum ^ byte) & 0xff] ?? 0);
  return (sum ^ 0xffffffff) >>> 0;
}
