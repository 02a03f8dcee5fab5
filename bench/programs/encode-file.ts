// The bytes of a file for a bucket or a server, made of rows: by the product, or in a bare loop that makes the same ones.
import { createHash } from 'node:crypto';
import type { DestinationRecord } from '@sluice/connectors/kit/destination';
import { encodeFile } from '@sluice/connectors/kit/file/encode-file';
import { readFileSettings } from '@sluice/connectors/kit/file/file-settings';
import type { Column } from '@sluice/domain/column';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { type FileKind, fileLoad, typeOf } from '../destinations/file-load.ts';
import { batchOf, configurationOf, variables } from '../destinations/load.ts';
import { measure, startWatch } from './measure.ts';

interface Input {
  readonly format: FileKind;
  readonly by: 'hand' | 'product';
}

await measure(async ({ format, by }: Input) => {
  const load = fileLoad(format);
  const batches = Array.from({ length: load.batches }, (_, place) => batchOf(load, place));
  const encode = by === 'hand' ? byHand : byProduct;
  if ((await digestOf(byHand(format, batches))) !== (await digestOf(byProduct(format, batches))))
    throw new Error(`The bare loop makes other bytes of ${format}.`);
  const pass = async (): Promise<void> => {
    for await (const bytes of encode(format, batches))
      if (bytes.length === 0) throw new Error('nothing was made');
  };
  for (let count = 0; count < 3; count += 1) await pass();
  const passes = Math.ceil(load.rows / (load.batchRows * load.batches));
  const watch = startWatch();
  for (let count = 0; count < passes; count += 1) await pass();
  return watch();
});

type Batches = readonly (readonly DestinationRecord[])[];

function byProduct(format: FileKind, batches: Batches): AsyncIterable<Uint8Array> {
  const sync = configurationOf(fileLoad(format));
  const columns = Object.keys(batches[0]?.[0]?.fields ?? {}).map((name): Column => {
    return { name, type: typeOf(format, name), nativeType: '' };
  });
  const rows = async function* () {
    yield* batches;
  };
  return encodeFile({ columns, rows }, sync, { settings: readFileSettings(sync), variables }).bytes;
}

/** All rows in one group, by the same library. */
function parquetByHand(batches: Batches): Uint8Array {
  const names = Object.keys(batches[0]?.[0]?.fields ?? {});
  const moment = {
    ...{ type: 'INT64' as const, converted_type: 'TIMESTAMP_MICROS' as const },
    logical_type: { type: 'TIMESTAMP' as const, isAdjustedToUTC: true, unit: 'MICROS' as const },
  };
  const elements = {
    ...{ id: { type: 'INT64' as const }, amount: { type: 'DOUBLE' as const } },
    ...{ active: { type: 'BOOLEAN' as const }, updated_at: moment },
  };
  const text = { type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const };
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [
      { name: 'root', num_children: names.length },
      ...names.map((name) => ({
        ...{ name, repetition_type: 'OPTIONAL' as const },
        ...(elements[name as keyof typeof elements] ?? text),
      })),
    ],
    codec: 'SNAPPY',
    createdBy: 'Sluice',
  });
  const columnData = names.map((name) => ({
    name,
    data: batches.flatMap((batch) =>
      batch.map(({ fields }) => {
        const value = fields[name];
        if (name === 'id') return BigInt(value as number);
        return name === 'updated_at' ? BigInt(Date.parse(value as string)) * 1_000n : value;
      }),
    ),
  }));
  writer.write({ columnData, rowGroupSize: 100_000 } as Parameters<typeof writer.write>[0]);
  writer.finish();
  return bytes.getBytes();
}

async function* byHand(format: FileKind, batches: Batches): AsyncGenerator<Uint8Array> {
  if (format === 'parquet') {
    yield parquetByHand(batches);
    return;
  }
  const names = Object.keys(batches[0]?.[0]?.fields ?? {});
  if (format === 'csv') yield Buffer.from(`${names.join(',')}\n`);
  for (const batch of batches) {
    let text = '';
    for (const { fields } of batch) {
      if (format === 'ndjson') text += `${JSON.stringify(fields)}\n`;
      else {
        let line = '';
        for (const name of names) line += `${line === '' ? '' : ','}${cell(fields[name])}`;
        text += `${line}\n`;
      }
    }
    yield Buffer.from(text);
  }
}

function cell(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  return /[",\r\n]/.test(value) || value === '' ? `"${value.replaceAll('"', '""')}"` : value;
}

async function digestOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of bytes) hash.update(part);
  return hash.digest('hex');
}
