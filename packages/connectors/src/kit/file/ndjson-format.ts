import type { Row } from '@sluice/domain/column';
import type { DestinationRecord } from '../destination.ts';
import { valueToJson } from '../value-json.ts';
import type { FileColumn } from './file-column.ts';
import type { FileFormat } from './file-format.ts';

/** One JSON object a line, UTF-8, each number with every digit it has. */
export function ndjsonFormat(columns: readonly FileColumn[]): FileFormat {
  // Names that JavaScript reads in its own way are put in the slower one, as any other name.
  const plain = columns.every(({ name }) => name !== '__proto__');
  const objectOf = (record: DestinationRecord): Row => {
    if (!plain) return Object.fromEntries(columns.map(({ name, read }) => [name, read(record)]));
    const object: Row = {};
    for (const { name, read } of columns) object[name] = read(record);
    return object;
  };
  return {
    begin: () => Buffer.alloc(0),
    add(records) {
      let text = '';
      for (const record of records) text += `${valueToJson(objectOf(record))}\n`;
      return Buffer.from(text);
    },
    end: () => Buffer.alloc(0),
  };
}
