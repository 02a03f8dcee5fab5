import { gzipSync, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { FileColumn } from './file-column.ts';
import type { FileFormat } from './file-format.ts';
import type { Compression } from './file-settings.ts';
import { type ParquetCell, type ParquetType, parquetTypeOf } from './parquet-type.ts';

/** A row group is written when it has so many rows, or so many bytes in memory. */
const groupRows = 100_000;
const groupBytes = 8 * 1024 * 1024;

const codecs = { none: 'SNAPPY', gzip: 'GZIP', zstd: 'ZSTD' } as const;

/** Parquet with the types of the model. A value that is not of its column's type takes its row out of the file. */
export function parquetFormat(columns: readonly FileColumn[], compression: Compression): FileFormat {
  const types = columns.map(parquetTypeOf);
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: columns.length }, ...types.map(({ element }) => element)],
    codec: codecs[compression],
    compressors: { GZIP: (input) => gzipSync(input), ZSTD: (input) => zstdCompressSync(input) },
    createdBy: 'Sluice',
  });
  let group: ParquetCell[][] = columns.map(() => []);
  let held = 0;

  const flush = (): void => {
    if (group[0]?.length === 0) return;
    const columnData = columns.map(({ name }, index) => ({ name, data: group[index] ?? [] }));
    writer.write({ columnData, rowGroupSize: groupRows });
    group = columns.map(() => []);
    held = 0;
  };
  const taken = (): Uint8Array => {
    const copy = bytes.getBytes().slice();
    // The offset counts on; only the buffer begins anew.
    bytes.index = 0;
    return copy;
  };

  return {
    begin: taken,
    add(records, reject) {
      for (const record of records) {
        const cells = cellsOf(types, columns, record);
        if (typeof cells === 'string') {
          reject(record, 'value_type', cells);
          continue;
        }
        for (let index = 0; index < cells.length; index += 1) {
          const value = cells[index] ?? null;
          group[index]?.push(value);
          held += typeof value === 'string' ? value.length + 16 : 16;
        }
        if ((group[0]?.length ?? 0) >= groupRows || held >= groupBytes) flush();
      }
      return taken();
    },
    end() {
      flush();
      writer.finish();
      return taken();
    },
  };
}

/** The values of a row as Parquet takes them, or what is wrong with one of them. */
function cellsOf(
  types: readonly ParquetType[],
  columns: readonly FileColumn[],
  record: Parameters<FileColumn['read']>[0],
): ParquetCell[] | string {
  const cells: ParquetCell[] = [];
  for (let index = 0; index < columns.length; index += 1) {
    const { name, read } = columns[index] as FileColumn;
    const value = read(record);
    const type = types[index] as ParquetType;
    const cell = value === null ? null : type.cellOf(value);
    if (cell === undefined) return `"${name}": the value is not ${type.words}.`;
    cells.push(cell);
  }
  return cells;
}
