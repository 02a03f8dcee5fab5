import { readdir, readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second, whatever the kernel's own clock (`man 5 proc`, USER_HZ). */
const tickMs = 10;

interface Times {
  readonly pid: number;
  readonly parent: number;
  readonly ownMs: number;
  /** With all children that have ended. */
  readonly endedMs: number;
}

/** Processor time of a process and all below it that live or have ended, in milliseconds; 0 where there is no `/proc`. */
export async function treeMs(pid: number): Promise<number> {
  const all = await everyProcess();
  const below = (parent: number): number =>
    all
      .filter((one) => one.parent === parent)
      .reduce((sum, one) => sum + one.ownMs + one.endedMs + below(one.pid), 0);
  const own = all.find((one) => one.pid === pid);
  return own ? own.ownMs + own.endedMs + below(pid) : 0;
}

/** The parent of a process; 0 where there is no `/proc`. */
export async function parentOf(pid: number): Promise<number> {
  return (await timesOf(String(pid)))?.parent ?? 0;
}

async function everyProcess(): Promise<Times[]> {
  const names = await readdir('/proc').catch(() => []);
  const read = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(timesOf));
  return read.flatMap((one) => one ?? []);
}

async function timesOf(pid: string): Promise<Times | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in brackets may hold anything; after it come the state, the parent, and from the 12th on the times.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 15) return null;
  const ticks = (index: number): number => Number(fields[index]) * tickMs;
  return {
    pid: Number(pid),
    parent: Number(fields[1]),
    ownMs: ticks(11) + ticks(12),
    endedMs: ticks(13) + ticks(14),
  };
}
