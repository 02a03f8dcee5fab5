// The one-shot set-up of a production installation: `node apps/supervisor/src/set-up.ts`.
import { setUp } from './set-up-database.ts';
import { say } from './terminal.ts';

try {
  const ctx = await setUp({});
  await ctx.close();
  say('The database is ready.');
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
