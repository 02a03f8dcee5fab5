import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { profileFlags, workerEnvironment, workerFlags } from './worker-flags.ts';

/** A worker as it runs in production. */
interface Worker {
  readonly pid: number;
  /** Ends it, and answers when it is gone. */
  stop(): Promise<void>;
}

/** Starts a process of `apps/worker`; answers when it works. */
export async function startWorker(environment: Record<string, string>): Promise<Worker> {
  const program = join(import.meta.dirname, '../apps/worker/src/main.ts');
  const child = spawn(process.execPath, [...workerFlags, ...profileFlags(), program], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      WORKER_HEALTH_PORT: '0',
      ...workerEnvironment,
      ...environment,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (said) => {
      if (said.includes('"healthPort"')) resolve();
    });
    lines.once('close', () => reject(new Error('the worker ended before it worked')));
  });
  return {
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      process.off('exit', kill);
    },
  };
}
