import { openContext } from '@sluice/services/open-context';
import { readEnvironment } from './env.ts';
import { startWorker } from './start-worker.ts';

/** Past this the process ends whatever still runs: leases run out, and other workers go on. */
const stopMsMax = 30_000;

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const env = readEnvironment();
  const ctx = openContext(env, { name: 'worker' });

  // A state that nobody thought of: say it, stop at once, let the supervisor start a clean process.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      ctx.log.fatal({ err: error }, `the worker ended: ${event}`);
      process.exit(1);
    });
  }

  const worker = await startWorker(ctx, env);
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      ctx.log.info({ signal }, 'worker is stopping');
      setTimeout(() => process.exit(1), stopMsMax).unref();
      worker.stop().then(
        () => process.exit(0),
        (error) => {
          ctx.log.error({ err: error }, 'stopping failed');
          process.exit(1);
        },
      );
    });
  }
}
