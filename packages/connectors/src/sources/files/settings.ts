import type { ConfigField } from '@sluice/domain/field';
import type { Configuration } from '../../kit/source.ts';
import { storedFileFields } from '../../kit/stored-files/fields.ts';
import { readStoredFiles, type StoredFilesSettings } from '../../kit/stored-files/settings.ts';

export interface FilesSettings {
  readonly stored: StoredFilesSettings;
  /** Whether numbers and dates of CSV files are recognised; otherwise their columns are text. */
  readonly typed: boolean;
}

export const filesFields: readonly ConfigField[] = [
  ...storedFileFields,
  {
    name: 'csvTypes',
    label: 'Columns of CSV files',
    kind: 'select',
    help: 'CSV files do not say what their columns hold.',
    secret: false,
    required: true,
    default: 'text',
    options: [
      {
        value: 'text',
        label: 'Text',
        help: 'As written: 007 stays 007. Cast in the query what has to be a number.',
      },
      {
        value: 'detect',
        label: 'Recognise numbers and dates',
        help: 'From the whole file. A column becomes text once a single value is none, which changes every row.',
      },
    ],
  },
];

/** Throws `input_invalid` that names the wrong field. */
export function readFilesSettings(configuration: Configuration): FilesSettings {
  return { stored: readStoredFiles(configuration), typed: configuration.csvTypes === 'detect' };
}
