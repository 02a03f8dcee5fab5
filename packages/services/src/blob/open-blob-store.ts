import { fileURLToPath } from 'node:url';
import type { BlobStore } from '@sluice/engine/ports';
import { openDirectoryBlobStore } from './directory-blob-store.ts';
import { openS3BlobStore } from './s3-blob-store.ts';

/** The store at `BLOB_URL`: a directory (`file://`) or a bucket (`s3://`); without it, the given directory. */
export function openBlobStore(url: string | null, directory: string): BlobStore {
  if (url === null) return openDirectoryBlobStore(directory);
  return url.startsWith('s3:') ? openS3BlobStore(url) : openDirectoryBlobStore(fileURLToPath(url));
}
