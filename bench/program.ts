import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Measured } from './bench-case.ts';
import { profileFlags, workerEnvironment, workerFlags } from './worker-flags.ts';

/** A program of `programs/` in a process of its own, after its first line of output. */
export interface RunningProgram {
  readonly pid: number;
  readonly said: string;
  /** Resolves when the process is gone. */
  readonly ended: Promise<unknown>;
  /** At once, unless the signal leaves it time to tidy up. */
  stop(signal?: 'SIGTERM'): void;
}

/** Starts a program that goes on; answers when it has said its first line. */
export async function startProgram(
  file: string,
  input: unknown = {},
  environment: Record<string, string> = {},
): Promise<RunningProgram> {
  const isWorker = file === 'run-sync.ts' || file === 'map-plan.ts';
  const isProfiled = isWorker || (input as { by?: string }).by === 'product';
  const child = spawn(
    process.execPath,
    [
      ...(isWorker ? workerFlags : []),
      ...(isProfiled ? profileFlags() : []),
      join(import.meta.dirname, 'programs', file),
      JSON.stringify(input),
    ],
    {
      env: { ...process.env, NODE_ENV: 'production', ...(isWorker && workerEnvironment), ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const kill = (): void => void child.kill('SIGKILL');
  const stop = (signal?: 'SIGTERM'): void => {
    child.kill(signal ?? 'SIGKILL');
    if (!signal) process.off('exit', kill);
  };
  process.once('exit', kill);
  const ended = once(child, 'exit').then(() => process.off('exit', kill));
  for await (const said of createInterface({ input: child.stdout }))
    return { pid: child.pid ?? 0, said, ended, stop };
  throw new Error(`${file} ended without a word`);
}

/** Runs a program to its end; it prints what it measured as JSON. */
export async function runProgram(
  file: string,
  input: unknown,
  environment: Record<string, string> = {},
): Promise<Measured> {
  const { said, ended } = await startProgram(file, input, environment);
  // A profile is written while the process ends.
  await ended;
  return JSON.parse(said) as Measured;
}
