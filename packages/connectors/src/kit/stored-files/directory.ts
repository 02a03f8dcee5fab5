import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../context.ts';
import { filesMax, type StoredFile } from './stored-files.ts';

/**
 * Files below the directory that the operator has opened to all workspaces. Links that lead out of it are not followed: what
 * counts is where a file really is.
 */
export async function listDirectory(directory: string, context: ConnectContext): Promise<StoredFile[]> {
  const opened = context.filesDirectory ?? null;
  if (opened === null) {
    throw new SluiceError('source_permission', 'Sluice reads no files of its own server.', {
      fix: 'Choose another place, or have the operator set FILES_DIRECTORY to a directory that every workspace may read.',
    });
  }
  const root = await realpath(opened).catch(() => null);
  const below = root === null ? null : await realpath(join(root, directory)).catch(() => null);
  if (root === null || below === null || !inside(root, below) || !(await stat(below)).isDirectory()) {
    throw new SluiceError('source_unreachable', `There is no directory "${directory}".`, {
      fix: 'Check the spelling; the directory is looked for below the one that the operator has opened.',
    });
  }
  const entries = await readdir(below, { recursive: true, withFileTypes: true });
  const files: StoredFile[] = [];
  for (const entry of entries.slice(0, filesMax)) {
    const path = join(entry.parentPath, entry.name);
    const real = await realpath(path).catch(() => null);
    if (real === null || !inside(root, real) || !(await stat(real)).isFile()) continue;
    files.push({ name: relative(below, path).split(sep).join('/'), fetch: async () => real });
  }
  return files;
}

const inside = (root: string, path: string): boolean => path === root || path.startsWith(root + sep);
