import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

export interface OpenDatabase {
  readonly database: DatabaseSync;
  /** Throws with the code `changed` when a file that is read without locks may have been written since it was opened. */
  assertUnchanged(): void;
}

/** Codes that are not SQLite's. */
export type OwnCode = 'changed' | 'log_unreadable';

/** Primary result codes. https://sqlite.org/rescode.html (read 2026-11-22) */
const [readOnlyCode, cannotOpenCode] = [8, 14];

/**
 * Opens a file for reading. In WAL mode SQLite makes two files beside it even to read. Where it cannot, in a directory that is
 * mounted for reading only, the file is read as it is, if no change waits in a log; it holds no locks then, so whoever reads has
 * to ask `assertUnchanged` before the last row is believed. Throws what SQLite says, and `log_unreadable` where a change waits.
 * https://sqlite.org/wal.html#read_only_databases (read 2026-11-22)
 */
export function openDatabase(path: string, settings: string): OpenDatabase {
  const open = (at: string | URL): DatabaseSync => {
    const database = new DatabaseSync(at, { readOnly: true, timeout: 5_000 });
    database.exec(settings);
    // Only now are the files beside it made.
    database.exec('SELECT 1 FROM sqlite_schema LIMIT 1');
    return database;
  };
  try {
    return { database: open(path), assertUnchanged: () => {} };
  } catch (thrown) {
    const primary = ((thrown as { errcode?: number }).errcode ?? 0) & 0xff;
    if ((primary !== readOnlyCode && primary !== cannotOpenCode) || !isInWalMode(path)) throw thrown;
  }
  const before = stateOf(path);
  if (hasLog(path)) throw ownError('log_unreadable');
  const address = pathToFileURL(path);
  address.search = 'immutable=1';
  const database = open(address);
  return {
    database,
    assertUnchanged: () => {
      if (hasLog(path) || stateOf(path) !== before) throw ownError('changed');
    },
  };
}

/** Whether the header says so. https://sqlite.org/fileformat2.html#file_format_version_numbers (read 2026-11-22) */
function isInWalMode(path: string): boolean {
  const versions = Buffer.alloc(2);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    return readSync(file, versions, 0, 2, 18) === 2 && versions[1] === 2;
  } finally {
    closeSync(file);
  }
}

function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** Differs when the file was written or replaced. */
function stateOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.ino}/${found.size}/${found.mtimeNs}` : '';
}

function ownError(code: OwnCode): Error {
  return Object.assign(new Error(code), { code });
}
