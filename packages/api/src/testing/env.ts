import { resolve } from 'node:path';

/** Directory with documents of vendors that are not part of this repository; `../shared` unless said otherwise. */
export const sharedDirectory = resolve(
  process.env.SLUICE_SHARED_DIR ?? resolve(import.meta.dirname, '../../../../../shared'),
);

/** What the benchmark hands to the process that serves. */
export const benchEnvironment = (): Record<string, string | undefined> => ({ ...process.env });
