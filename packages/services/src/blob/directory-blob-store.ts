import { randomUUID } from 'node:crypto';
import { access, copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { BlobStore } from '@sluice/engine/ports';
import { blobMissing, checkedKey, isCode, storageError } from './blob-key.ts';

/** Blobs as files below one directory. Safe for several processes that share it. */
export function openDirectoryBlobStore(directory: string): BlobStore {
  const pathOf = (key: string): string => join(directory, checkedKey(key));

  return {
    async put(key, localPath) {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true });
      try {
        await sync(localPath);
        await move(localPath, path);
        await sync(dirname(path));
      } catch (error) {
        throw storageError(error);
      }
    },
    async read(key) {
      const path = pathOf(key);
      try {
        await access(path);
      } catch (cause) {
        throw blobMissing(key, cause);
      }
      return { path, release: async () => undefined };
    },
    async remove(key) {
      await rm(pathOf(key), { force: true });
    },
    async *list(prefix) {
      // A prefix may end inside a name: walk its directory and compare.
      const start = join(directory, prefix.includes('/') ? prefix.slice(0, prefix.lastIndexOf('/')) : '');
      for await (const path of walk(start)) {
        const key = relative(directory, path).split(sep).join('/');
        if (key.startsWith(prefix)) yield key;
      }
    },
  };
}

async function* walk(directory: string): AsyncIterable<string> {
  let entries: Awaited<ReturnType<typeof readEntries>>;
  try {
    entries = await readEntries(directory);
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return;
    throw error;
  }
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (!entry.name.endsWith('.partial')) yield path;
  }
}

const readEntries = (directory: string) => readdir(directory, { withFileTypes: true });

/** Renames; across file systems copies beside the target first, so that the key never holds half a file. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isCode(error, 'EXDEV')) throw error;
    const partial = `${to}.${randomUUID()}.partial`;
    try {
      await copyFile(from, partial);
      await sync(partial);
      await rename(partial, to);
    } finally {
      await rm(partial, { force: true });
    }
    await rm(from, { force: true });
  }
}

/** On disk before the name points at it: a ledger that Postgres names must survive a power cut. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
