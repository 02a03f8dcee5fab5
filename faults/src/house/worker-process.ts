import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PgProxy, startPgProxy } from './pg-proxy.ts';
import { soon } from './soon.ts';

/** A worker as it runs in production: a process of `apps/worker`, with its own way to the database. */
export interface WorkerProcess {
  readonly pid: number;
  readonly healthPort: number;
  /** Between this worker and Sluice's database. */
  readonly database: PgProxy;
  readonly alive: boolean;
  /** What it has logged. */
  output(): string;
  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves with the exit code; `null` after a kill. */
  readonly exit: Promise<number | null>;
  /** Kills it if it lives, and gives its port back. */
  close(): Promise<void>;
}

const apps = join(import.meta.dirname, '../../../apps');
/** As under the supervisor: a worker ends when the process that started it is gone. */
const program = [
  '--import',
  join(apps, 'supervisor/src/exit-with-parent.ts'),
  join(apps, 'worker/src/main.ts'),
];
const outputMax = 4_000_000;

/** Starts a worker and waits until it works. `wrap` goes before the command (`prlimit …`). */
export async function startWorkerProcess(
  environment: Record<string, string>,
  options: { wrap?: readonly string[] } = {},
): Promise<WorkerProcess> {
  const server = new URL(environment.DATABASE_URL ?? '');
  const database = await startPgProxy({ host: server.hostname, port: Number(server.port) });
  const [command = process.execPath, ...before] = [...(options.wrap ?? []), process.execPath];
  const child = spawn(command, [...before, ...program], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      // Workers are started again and again: the second one finds the first one's compiled modules.
      NODE_COMPILE_CACHE: join(tmpdir(), 'sluice-faults-compiled'),
      WORKER_HEALTH_PORT: '0',
      LOG_LEVEL: 'info',
      ...environment,
      DATABASE_URL: database.url(server.href),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-outputMax);
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const alive = () => child.exitCode === null && child.signalCode === null;
  const healthPort = await soon('the worker', () => {
    if (!alive()) throw new Error(output);
    return Number(/"healthPort":(\d+)/.exec(output)?.[1]);
  }).catch((error) => {
    child.kill('SIGKILL');
    throw new Error(`the worker did not start: ${output}`, { cause: error });
  });
  const signal: WorkerProcess['signal'] = (name) => {
    if (alive()) child.kill(name);
  };
  return {
    pid: child.pid ?? 0,
    healthPort,
    database,
    get alive() {
      return alive();
    },
    output: () => output,
    signal,
    exit,
    async close() {
      signal('SIGKILL');
      await exit;
      await database.close();
    },
  };
}
