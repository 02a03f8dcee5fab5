import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSluiceDatabase } from '@sluice/testing/postgres';
import { type OpenContext, openContext } from '../open-context.ts';
import { readSettings, ServiceEnvironment } from '../settings.ts';

export interface TestContext extends OpenContext {
  /** Everything logged so far, as written. */
  readonly logged: string[];
  readonly environment: ServiceEnvironment;
}

/**
 * The real context over a fresh database and data directory, for tests. `environment` overrides settings; `close()`
 * removes the directory.
 */
export async function openTestContext(environment: Record<string, string> = {}): Promise<TestContext> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-context-'));
  const settings = readSettings(ServiceEnvironment, {
    DATABASE_URL: environment.DATABASE_URL ?? (await createSluiceDatabase()),
    DATA_DIR: directory,
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    LOG_LEVEL: 'debug',
    DATABASE_POOL_MAX: '5',
    ...environment,
  });
  const logged: string[] = [];
  const stream = { write: (line: string) => void logged.push(line) };
  const ctx = openContext(settings, { name: 'test', logStream: stream });
  return {
    ...ctx,
    logged,
    environment: settings,
    async close() {
      await ctx.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
