import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectContext } from '../context.ts';
import { listBucket } from './bucket.ts';
import { listDirectory } from './directory.ts';
import type { StoredFilesSettings } from './settings.ts';
import { listUrls } from './urls.ts';

/** A file that has been found and not been read yet. */
export interface StoredFile {
  /** Path below the place: `orders/2026-01.parquet`. */
  readonly name: string;
  /** Where it is on this machine; fetched into `folder` if it is not there already. */
  fetch(folder: string): Promise<string>;
}

/** Bytes that are fetched for one use of a source at most. */
export const fetchedBytesMax = 4 * 1024 ** 3;
/** Files of a place that are looked at at most. */
export const filesMax = 10_000;

/**
 * Lists the files of a place by name. Throws `source_unreachable`, `source_auth`, `source_permission`, `source_failed`,
 * `egress_refused`.
 */
export async function listFiles(
  settings: StoredFilesSettings,
  context: ConnectContext,
): Promise<StoredFile[]> {
  const found =
    settings.place === 'directory'
      ? await listDirectory(settings.directory, context)
      : settings.place === 'bucket'
        ? await listBucket(settings.bucket, context)
        : listUrls(settings.urls, settings.authorization, context);
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A folder of our own that lives as long as one use of a source. */
export async function makeFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = join(tmpdir(), `sluice-files-${randomUUID()}`);
  await mkdir(path, { mode: 0o700 });
  return { path, remove: () => rm(path, { recursive: true, force: true }).catch(() => {}) };
}
