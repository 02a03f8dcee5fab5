import { migrate } from '@sluice/db/migration/migrate';
import { ensureInitial } from '@sluice/services/account/ensure-initial';
import { type OpenContext, openContext } from '@sluice/services/open-context';
import { readSettings, ServiceEnvironment } from '@sluice/services/settings';
import { z } from 'zod';
import { inheritedEnvironment } from './env.ts';

const optional = z.string().min(1).optional();
const SetUpEnvironment = ServiceEnvironment.extend({
  INIT_USER_EMAIL: optional,
  INIT_USER_PASSWORD: optional,
  INIT_WORKSPACE_NAME: z.string().min(1).default('Default'),
  INIT_API_TOKEN: optional,
});

/**
 * Migrates the database and creates the first account if INIT_* asks for one. Answers an open context; the caller
 * closes it. `settings` win over the environment.
 */
export async function setUp(settings: Record<string, string>): Promise<OpenContext> {
  const env = readSettings(SetUpEnvironment, { ...inheritedEnvironment(), ...settings });
  await migrate(env.DATABASE_URL);
  const ctx = openContext({ ...env, LOG_LEVEL: 'error' }, { name: 'set-up' });
  try {
    if (env.INIT_USER_EMAIL && env.INIT_USER_PASSWORD) {
      await ensureInitial(ctx, {
        email: env.INIT_USER_EMAIL,
        password: env.INIT_USER_PASSWORD,
        workspaceName: env.INIT_WORKSPACE_NAME,
        apiToken: env.INIT_API_TOKEN,
      });
    }
    return ctx;
  } catch (error) {
    await ctx.close();
    throw error;
  }
}
