import { SluiceError } from '@sluice/domain/error';
import type { ConfigField } from '@sluice/domain/field';
import type { Configuration } from '../../kit/source.ts';
import { storedFileFields } from '../../kit/stored-files/fields.ts';
import { readStoredFiles, type StoredFilesSettings } from '../../kit/stored-files/settings.ts';

export interface SqliteSettings {
  readonly stored: StoredFilesSettings;
  /** Name of the file below the place; `null`: the only database file that is there. */
  readonly file: string | null;
}

const placeField = storedFileFields.find(({ name }) => name === 'place');

/** What is otherwise than for other files: there is exactly one. */
const differences: Readonly<Record<string, Partial<ConfigField>>> = {
  place: {
    help: 'Where the file is.',
    options: (placeField?.options ?? []).map((option) =>
      option.value === 'url' ? { ...option, label: 'Web address', help: 'An https address.' } : option,
    ),
  },
  urls: {
    label: 'Address',
    kind: 'text',
    help: 'The https address of the database file.',
    placeholder: 'https://files.example.com/shop.sqlite',
  },
};

export const sqliteFields: readonly ConfigField[] = [
  ...storedFileFields.map((field) => ({ ...field, ...differences[field.name] })),
  {
    name: 'file',
    label: 'Database file',
    kind: 'text',
    help: 'Name of the file below the folder. Only needed where there are several.',
    placeholder: 'shop.sqlite',
    secret: false,
    required: false,
    visibleWhen: { field: 'place', values: ['bucket', 'directory'] },
    namesPlace: true,
  },
];

/** Throws `input_invalid` that names the wrong field. */
export function readSqliteSettings(configuration: Configuration): SqliteSettings {
  const stored = readStoredFiles(configuration);
  if (stored.place === 'url' && stored.urls.length > 1) {
    throw new SluiceError('input_invalid', 'A source reads one database file.', {
      fields: { 'configuration.urls': 'Enter a single address.' },
    });
  }
  const file = stored.place === 'url' ? '' : String(configuration.file ?? '').trim();
  return { stored, file: file === '' ? null : file };
}
