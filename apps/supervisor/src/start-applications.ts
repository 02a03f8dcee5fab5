import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { manageProcess } from './child-process.ts';
import { type Environment, inheritedEnvironment } from './env.ts';
import { freePort } from './free-port.ts';
import { say } from './terminal.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const root = resolve(import.meta.dirname, '../../..');
const exitWithParent = join(import.meta.dirname, 'exit-with-parent.ts');
/** Rows live in DuckDB and in files: the heap needs little, and what it does not keep stays with the system. */
const workerMemory = ['--max-old-space-size=256', '--max-semi-space-size=4', '--no-parallel-scavenge'];
/** A worker finishes or hands over its runs within 30 s; the rest is slack. */
const drainMs = 40_000;

/** Starts web and worker and waits until both are ready. */
export async function startApplications(
  env: Environment,
  settings: Record<string, string>,
): Promise<{ stop(): Promise<void> }> {
  const logs = join(env.DATA_DIR, 'logs');
  await mkdir(logs, { recursive: true });
  const workerHealthPort = await freePort();
  const common = {
    ...inheritedEnvironment(),
    ...settings,
    NODE_ENV: 'production' as const,
    NEXT_TELEMETRY_DISABLED: '1',
  };
  const onCrash = (name: string, detail: string, delayMs: number) =>
    say(
      `  The ${name} ended (${detail}). It starts again in ${Math.round(delayMs / 1000)} s; its log is in ${logs}.`,
    );
  const next = createRequire(join(root, 'apps/web/package.json')).resolve('next/dist/bin/next');
  const web = manageProcess({
    name: 'web',
    command: process.execPath,
    args: [
      '--import',
      exitWithParent,
      '--max-old-space-size=256',
      next,
      'start',
      join(root, 'apps/web'),
      '--port',
      String(env.PORT),
    ],
    cwd: join(root, 'apps/web'),
    env: common,
    logFile: join(logs, 'web.log'),
    onCrash,
  });
  const worker = manageProcess({
    name: 'worker',
    command: process.execPath,
    args: ['--import', exitWithParent, ...workerMemory, join(root, 'apps/worker/src/main.ts')],
    cwd: root,
    env: { ...common, WORKER_HEALTH_PORT: String(workerHealthPort), MALLOC_ARENA_MAX: '2' },
    logFile: join(logs, 'worker.log'),
    onCrash,
  });
  // The worker first: what it has in hand needs the longest.
  const stop = async () => {
    await Promise.all([worker.stop(drainMs), web.stop(10_000)]);
  };
  try {
    await Promise.all([
      waitUntilReady('console', `http://127.0.0.1:${env.PORT}/api/health`, 60_000),
      waitUntilReady('worker', `http://127.0.0.1:${workerHealthPort}/health`, 60_000),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
