import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';

export interface ManagedProcess {
  readonly name: string;
  /** Asks it to drain, waits up to `boundMs`, then kills it. */
  stop(boundMs: number): Promise<void>;
}

interface Options {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Told of an unexpected end, before the next start. */
  onCrash(name: string, detail: string, delayMs: number): void;
}

const restartBaseMs = 1_000;
const restartMaxMs = 30_000;
/** A process that lived this long starts again without extra delay. */
const healthyAfterMs = 60_000;

/**
 * Runs a program and starts it again, with growing pauses, when it ends by itself. It gets a session of its own so
 * that Ctrl-C in the terminal reaches only the supervisor, which stops things in order, and an IPC channel whose
 * loss tells it that the supervisor is gone.
 */
export function manageProcess(options: Options): ManagedProcess {
  let stopping = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  const log = createWriteStream(options.logFile, { flags: 'a' });
  let child = start();

  function start(): ChildProcess {
    const startedAt = Date.now();
    const started = spawn(options.command, [...options.args], {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const tail = keepTail(started, log);
    started.once('exit', (code, signal) => {
      if (stopping) return;
      failures = Date.now() - startedAt > healthyAfterMs ? 0 : failures + 1;
      const delayMs = Math.min(restartMaxMs, restartBaseMs * 2 ** failures);
      options.onCrash(options.name, `${signal ?? `code ${code}`}${tail() ? `: ${tail()}` : ''}`, delayMs);
      timer = setTimeout(() => {
        child = start();
      }, delayMs);
    });
    return started;
  }

  return {
    name: options.name,
    stop: async (boundMs) => {
      stopping = true;
      clearTimeout(timer);
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        const killer = setTimeout(() => child.kill('SIGKILL'), boundMs);
        await ended;
        clearTimeout(killer);
      }
      await new Promise((resolve) => log.end(resolve));
    },
  };
}

/** Copies output to the log file; answers its last line, for the terminal. */
function keepTail(child: ChildProcess, log: WriteStream): () => string {
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      log.write(chunk);
      last = chunk.toString().trim().split('\n').at(-1) ?? last;
    });
  }
  return () => last.slice(0, 500);
}
