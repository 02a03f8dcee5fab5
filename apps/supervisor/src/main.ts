import { join } from 'node:path';
import { type DataDirectoryLock, lockDataDirectory } from './data-directory-lock.ts';
import { type Environment, readEnvironment } from './env.ts';
import { assertPortFree } from './free-port.ts';
import { type LocalKeys, readLocalKeys } from './local-keys.ts';
import { openDatabases } from './open-databases.ts';
import { prepareData } from './prepare-data.ts';
import { startApplications } from './start-applications.ts';
import { say, withProgress } from './terminal.ts';

/** What has been started, last first: stopping walks it. */
const started: { name: string; stop(): Promise<void> }[] = [];
let stopping: Promise<void> | null = null;

try {
  await start();
} catch (error) {
  say(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
  await stopAll();
  process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    say('\n  Stopping: runs are handed over, then everything ends …');
    void stopAll().then(() => {
      say('  Stopped.\n');
      process.exit(0);
    });
  });
}

async function start(): Promise<void> {
  const env = readEnvironment();
  await assertPortFree(env.PORT);
  const lock: DataDirectoryLock = await lockDataDirectory(env.DATA_DIR);
  started.unshift({ name: 'lock', stop: () => lock.release() });
  const keys = await readLocalKeys(env.DATA_DIR);
  const databases = await withProgress('Starting the database', () => openDatabases(env, keys));
  started.unshift({ name: 'database', stop: () => databases.stop() });
  const settings = processSettings(env, keys, databases);
  const demo = await prepareData(settings, env, keys, databases);
  const applications = await withProgress('Starting web and worker', () => startApplications(env, settings));
  started.unshift({ name: 'applications', stop: () => applications.stop() });
  welcome(settings.NEXTAUTH_URL, demo);
  say(`  Logs are in ${join(env.DATA_DIR, 'logs')}. Ctrl-C stops everything.\n`);
}

/** The environment that web, worker and set-up share. */
function processSettings(env: Environment, keys: LocalKeys, databases: { url: string; allow: string[] }) {
  return {
    PORT: String(env.PORT),
    DATA_DIR: env.DATA_DIR,
    DATABASE_URL: databases.url,
    ENCRYPTION_KEYS: env.ENCRYPTION_KEYS ?? keys.encryptionKeys,
    NEXTAUTH_SECRET: env.NEXTAUTH_SECRET ?? keys.authSecret,
    NEXTAUTH_URL: env.NEXTAUTH_URL ?? `http://localhost:${env.PORT}`,
    EGRESS_ALLOW: [env.EGRESS_ALLOW, ...databases.allow].filter(Boolean).join(','),
  };
}

function welcome(url: string, demo: { email: string; password: string } | null): void {
  say(`\n  Sluice is ready at ${url}\n`);
  if (demo)
    say(
      `  Sign in to the demo workspace with ${demo.email} and ${demo.password},\n  or sign up for a workspace of your own.\n`,
    );
  else say('  Sign in, or sign up for a workspace of your own.\n');
}

/** Stops what was started, in the opposite order; a failure to stop one thing does not keep the others running. */
function stopAll(): Promise<void> {
  stopping ??= (async () => {
    for (const part of started) {
      await part
        .stop()
        .catch((error: Error) => say(`  The ${part.name} did not stop cleanly: ${error.message}`));
    }
  })();
  return stopping;
}
