import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Holds a data directory for one supervisor at a time. */
export interface DataDirectoryLock {
  release(): Promise<void>;
}

/**
 * Takes the directory, or throws an error that names the process that has it. A lock of a process that is gone
 * (killed, or from before a restart of the machine) is taken over.
 */
export async function lockDataDirectory(directory: string): Promise<DataDirectoryLock> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'sluice.pid');
  for (let attempt = 0; attempt < 2; attempt++) {
    const file = await open(path, 'wx').catch(() => null);
    if (file) {
      await file.writeFile(`${process.pid} ${await startTime(process.pid)}`);
      await file.close();
      return { release: () => rm(path, { force: true }) };
    }
    const [pid, started] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
    if (pid && isAlive(Number(pid)) && (await startTime(Number(pid))) === started) {
      throw new Error(
        `Sluice is already running on ${directory} (process ${pid}).\n  Stop that one first, or set DATA_DIR to another directory.`,
      );
    }
    await rm(path, { force: true });
  }
  throw new Error(`The data directory ${directory} could not be locked.`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Tells a process from a later one with the same number; constant where the system has no /proc. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
}
