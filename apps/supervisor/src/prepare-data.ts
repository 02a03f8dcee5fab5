import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDemo } from '@sluice/services/demo/ensure-demo';
import type { Environment } from './env.ts';
import type { LocalKeys } from './local-keys.ts';
import type { Databases } from './open-databases.ts';
import { setUp } from './set-up-database.ts';
import { withProgress } from './terminal.ts';

const demoEmail = 'demo@sluice.example';

/** Migrates, creates what INIT_* asks for, and the demo workspace. Answers how to sign in to the demo. */
export async function prepareData(
  settings: Record<string, string>,
  env: Environment,
  keys: LocalKeys,
  databases: Databases,
): Promise<{ email: string; password: string } | null> {
  const ctx = await withProgress('Preparing the tables', () => setUp(settings));
  try {
    const { demo } = databases;
    if (!demo) return null;
    const marker = join(env.DATA_DIR, 'demo-complete');
    const options = {
      email: demoEmail,
      password: keys.demoPassword,
      database: demo,
      complete: existsSync(marker),
    };
    await withProgress('Loading the sample data', () => ensureDemo(ctx, options));
    await writeFile(marker, '');
    return { email: demoEmail, password: keys.demoPassword };
  } finally {
    await ctx.close();
  }
}
