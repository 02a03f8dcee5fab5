import { SluiceError } from '@sluice/domain/error';

/** Primary result codes. https://sqlite.org/rescode.html (read 2026-11-22) */
const codes = {
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  schema: 17,
  auth: 23,
  notDatabase: 26,
} as const;

/** A change that a crash has interrupted, in a directory where it cannot be taken back (`SQLITE_READONLY_ROLLBACK`). */
const interrupted = 776;

const madeReadable =
  'Let Sluice write to the directory, or make a copy for it with .backup; or, where the file is written, end with PRAGMA wal_checkpoint(TRUNCATE) or leave WAL mode (PRAGMA journal_mode = DELETE).';

/** A failure of SQLite as a SluiceError: about the query where the query can mend it. `code`: SQLite's, or `null`. */
export function sqliteFailure({
  code,
  message,
}: {
  code: number | string | null;
  message: string;
}): SluiceError {
  const words = `SQLite says: ${message}`.replace(/[.\s]*$/, '.');
  const cause = new Error(message);
  switch (typeof code === 'number' ? code & 0xff : code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new SluiceError('storage_full', 'The disk filled up while the rows were being read.', { cause });
    case 'changed':
      return new SluiceError('source_failed', 'The database file was written while it was being read.', {
        fix: `Try again. ${madeReadable}`,
      });
    case 'log_unreadable':
      return new SluiceError(
        'source_failed',
        'Changes of the database file wait in its -wal file, which cannot be read here.',
        {
          fix: `In WAL mode SQLite has to make a -shm file beside the database to read them. ${madeReadable}`,
        },
      );
    case codes.readOnly:
      if (code === interrupted)
        return new SluiceError('source_failed', 'The database file was left in the middle of a change.', {
          fix: 'Open it once with sqlite3 where it may be written: that takes the unfinished change back (its -journal file).',
          cause,
        });
      return forbidden(cause);
    case codes.auth:
      return forbidden(cause);
    case codes.notDatabase:
      return new SluiceError('source_failed', 'The file is not an SQLite database, or is encrypted.', {
        fix: 'Choose another file. Encrypted ones cannot be read.',
        cause,
      });
    case codes.corrupt:
      return new SluiceError('source_failed', 'The database file is damaged.', {
        fix: 'Copy it with the .backup command of sqlite3: copies of files that are being written break.',
        cause,
      });
    case codes.cannotOpen:
      return new SluiceError('source_failed', 'The database file could not be opened.', {
        fix: 'Sluice has to be allowed to read the file and its directory.',
        cause,
      });
    case codes.busy:
    case codes.locked:
      return new SluiceError('source_failed', 'The database file is locked by whoever writes into it.', {
        fix: 'Try again, or switch the file to WAL mode (PRAGMA journal_mode = WAL): then readers need not wait.',
        cause,
      });
    case codes.noMemory:
      return new SluiceError(
        'source_failed',
        'The query needs more memory than the queries of this source get.',
        {
          fix: 'Read fewer columns or rows, or aggregate less at once.',
          cause,
        },
      );
    case codes.full:
      return new SluiceError('storage_full', 'The disk filled up while rows were being sorted.', { cause });
    case codes.ioError:
      return new SluiceError('source_failed', words, { fix: 'Check the disk that holds the file.', cause });
    default:
      return new SluiceError('query_invalid', words, { cause });
  }
}

function forbidden(cause: Error): SluiceError {
  return new SluiceError(
    'query_not_read_only',
    'A model only reads the tables and views of the file, and no settings and other files.',
    { cause },
  );
}
