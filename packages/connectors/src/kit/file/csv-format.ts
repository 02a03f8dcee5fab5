import type { Value } from '@sluice/domain/column';
import { valueToJson } from '../value-json.ts';
import type { FileColumn } from './file-column.ts';
import type { FileFormat } from './file-format.ts';
import type { CsvSettings } from './file-settings.ts';

/** CSV as in RFC 4180, UTF-8 without a byte order mark. NULL and an empty text are told apart. */
export function csvFormat(columns: readonly FileColumn[], settings: CsvSettings): FileFormat {
  const { delimiter, header, quoteAll, lineEnd, nullText } = settings;
  const special = new RegExp(`["\\r\\n${delimiter === '|' ? '\\|' : delimiter}]`);
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const textCell = (text: string): string =>
    quoteAll || text === nullText || text === '' || special.test(text) ? quoted(text) : text;
  const cell = (value: Value): string => {
    switch (typeof value) {
      case 'string':
        return textCell(value);
      case 'object':
        return value === null ? nullText : textCell(valueToJson(value));
      default:
        return quoteAll ? `"${value}"` : String(value);
    }
  };
  const line = (cells: readonly string[]): string => cells.join(delimiter) + lineEnd;
  return {
    begin: () => Buffer.from(header ? line(columns.map(({ name }) => textCell(name))) : ''),
    add(records) {
      let text = '';
      for (const record of records) {
        let next = '';
        for (const { read } of columns) {
          text += next + cell(read(record));
          next = delimiter;
        }
        text += lineEnd;
      }
      return Buffer.from(text);
    },
    end: () => Buffer.alloc(0),
  };
}
