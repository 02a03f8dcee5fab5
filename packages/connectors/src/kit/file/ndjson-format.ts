import type { Row } from '@sluice/domain/column';
import { valueToJson } from '../value-json.ts';
import type { FileColumn } from './file-column.ts';
import type { FileFormat } from './file-format.ts';

/** One JSON object a line, UTF-8, each number with every digit it has. */
export function ndjsonFormat(columns: readonly FileColumn[]): FileFormat {
  return {
    begin: () => Buffer.alloc(0),
    add(records) {
      let text = '';
      for (const record of records) {
        const object: Row = Object.fromEntries(columns.map(({ name, read }) => [name, read(record)]));
        text += `${valueToJson(object)}\n`;
      }
      return Buffer.from(text);
    },
    end: () => Buffer.alloc(0),
  };
}
