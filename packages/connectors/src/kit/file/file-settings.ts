import { takesAllColumns } from '@sluice/domain/connector';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { optionText } from '../object-options.ts';
import { fileOptions } from './file-fields.ts';
import { unknownVariables } from './file-name.ts';

/** How a sync writes its files. */
export interface FileSettings {
  readonly nameTemplate: string;
  readonly timeOffsetMs: number;
  readonly format: 'csv' | 'ndjson' | 'parquet';
  readonly compression: Compression;
  readonly csv: CsvSettings;
  /** `null` = the files do not say what happened to a row. */
  readonly operationColumn: string | null;
  readonly rowsMax: number;
  readonly emptyFile: boolean;
}

export type Compression = 'none' | 'gzip' | 'zstd';

export interface CsvSettings {
  readonly delimiter: string;
  readonly header: boolean;
  readonly quoteAll: boolean;
  readonly lineEnd: '\n' | '\r\n';
  readonly nullText: string;
}

/** More rows than any plan has. */
const unlimited = 2_147_483_647;

/** Reads the options of a sync, each with its default. */
export function readFileSettings({ mode, options }: SyncConfiguration): FileSettings {
  const text = (name: string): string => optionText(fileOptions, options, name);
  const rowsMax = Number(text('rowsMax'));
  const operation = text('operationColumn');
  return {
    nameTemplate: text('fileName'),
    timeOffsetMs: Number(text('timeOffsetSeconds')) * 1_000,
    format: text('format') as FileSettings['format'],
    compression: text('compression') as Compression,
    csv: {
      // A tab is nothing but space, which other options are trimmed of.
      delimiter: typeof options.delimiter === 'string' ? options.delimiter : ',',
      header: text('header') === 'true',
      quoteAll: text('quote') === 'always',
      lineEnd: text('lineEnd') === 'crlf' ? '\r\n' : '\n',
      nullText: text('nullText'),
    },
    operationColumn: mode === 'diff' && operation !== '' ? operation : null,
    rowsMax: rowsMax > 0 ? rowsMax : unlimited,
    emptyFile: text('emptyFile') === 'true',
  };
}

/** What is wrong with the options of a sync, beside what their fields say. */
export function findFileProblems(
  sync: SyncConfiguration,
  columns: readonly string[] = [],
): Record<string, string> {
  const problems: Record<string, string> = {};
  const settings = readFileSettings(sync);
  const unknown = unknownVariables(settings.nameTemplate);
  if (unknown.length > 0) problems['options.fileName'] = `There is no ${unknown.join(', ')}.`;
  if (/(^|\/)\.{1,2}(\/|$)|^\/|\/\/|\/$/.test(settings.nameTemplate)) {
    problems['options.fileName'] =
      'Write folders and a name without empty parts, and without a slash at the beginning.';
  }
  const { rowsMax } = sync.options;
  if (rowsMax !== undefined && rowsMax !== '' && !(Number.isInteger(rowsMax) && Number(rowsMax) > 0)) {
    problems['options.rowsMax'] = 'Enter a whole number, at least 1.';
  }
  const { operationColumn } = settings;
  if (operationColumn !== null && sync.mappings.some(({ to }) => to === operationColumn)) {
    problems['options.operationColumn'] = `A column is mapped to "${operationColumn}" already.`;
  } else if (operationColumn !== null && takesAllColumns(sync.options) && columns.includes(operationColumn)) {
    problems['options.operationColumn'] = `The model has a column "${operationColumn}" already.`;
  }
  return problems;
}
