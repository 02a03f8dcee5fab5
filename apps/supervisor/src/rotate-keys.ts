// `npm run keys:rotate`: wraps every data key by the first key of ENCRYPTION_KEYS, while Sluice runs.
import { openDatabase } from '@sluice/db/client';
import { readSettings, ServiceEnvironment } from '@sluice/services/settings';
import { parseKeyRing } from '@sluice/services/vault/key-ring';
import { rotateKeys } from '@sluice/services/vault/rotate-keys';
import { inheritedEnvironment } from './env.ts';
import { say } from './terminal.ts';

try {
  const env = readSettings(ServiceEnvironment, inheritedEnvironment());
  const db = openDatabase(env.DATABASE_URL, { poolMax: 2 });
  try {
    const ring = parseKeyRing(env.ENCRYPTION_KEYS, env.NEXTAUTH_SECRET ? [env.NEXTAUTH_SECRET] : []);
    const { rotated, total } = await rotateKeys(db, ring);
    say(
      `${rotated} of ${total} keys were wrapped anew under "${ring.activeId}". Older keys can now be taken out of ENCRYPTION_KEYS.`,
    );
  } finally {
    await db.$disconnect();
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
