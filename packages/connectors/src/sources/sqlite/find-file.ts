import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../../kit/context.ts';
import { listFiles, type StoredFile } from '../../kit/stored-files/stored-files.ts';
import type { SqliteSettings } from './settings.ts';

const ending = /\.(sqlite3?|db3?|s3db|sl3)$/i;

/** Finds the one database file of a place. Throws `source_failed` when there is none, or several of them. */
export async function findFile(
  { stored, file }: SqliteSettings,
  context: ConnectContext,
): Promise<StoredFile> {
  const found = await listFiles(stored, context);
  const databases = found.filter(({ name }) =>
    file === null ? stored.place === 'url' || ending.test(name) : name === file,
  );
  const [first, second] = databases;
  if (second) {
    const names = databases.slice(0, 5).map(({ name }) => name);
    throw new SluiceError('source_failed', `There are several database files: ${names.join(', ')}.`, {
      fix: 'Enter the name of one of them as the database file.',
    });
  }
  if (first) return first;
  throw new SluiceError(
    'source_failed',
    file === null ? 'There is no database file.' : `There is no file ${file}.`,
    {
      fix: 'Names end with .sqlite, .sqlite3, .db, .db3, .s3db or .sl3; a file of another name has to be entered.',
    },
  );
}
