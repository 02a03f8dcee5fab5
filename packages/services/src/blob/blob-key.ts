import { SluiceError } from '@sluice/domain/error';

/** The key, if it can be one: names with slashes between them. Throws `internal` otherwise. */
export function checkedKey(key: string): string {
  if (!/^[\w.-]+(?:\/[\w.-]+)*$/.test(key) || key.split('/').some((part) => /^\.+$/.test(part))) {
    throw new SluiceError('internal', 'A file of Sluice has an impossible name.', { cause: { key } });
  }
  return key;
}

/** What it means that a blob is certainly gone. */
export function blobMissing(key: string, cause: unknown): SluiceError {
  return key.startsWith('ledgers/')
    ? new SluiceError('ledger_missing', 'The file with what the destination has acknowledged is gone.', {
        cause,
      })
    : new SluiceError('plan_missing', 'The rows of this run are no longer kept.', { cause });
}

export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** `storage_full` where a disk is; any other error as it is. */
export function storageError(error: unknown): unknown {
  if (!['ENOSPC', 'EDQUOT', 'EFBIG'].some((code) => isCode(error, code))) return error;
  return new SluiceError('storage_full', 'There is no room left in the data directory.', { cause: error });
}
