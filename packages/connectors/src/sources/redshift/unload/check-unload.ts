import { join } from 'node:path';
import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../../../kit/context.ts';
import type { PgSettings } from '../../../kit/pg-settings.ts';
import { makeFolder } from '../../../kit/stored-files/stored-files.ts';
import type { UnloadSettings } from '../settings.ts';
import { unload } from './unload.ts';

/** Sends a row by way of the bucket. Throws what is in the way: a right of the database's role, or of Sluice's key. */
export async function checkUnload(
  settings: UnloadSettings,
  signedIn: PgSettings,
  context: ConnectContext,
): Promise<void> {
  const folder = await makeFolder();
  try {
    const result = await unload(settings, signedIn, context, {
      statement: 'SELECT 1 AS one',
      columns: [{ name: 'one', type: 'integer', nativeType: 'integer' }],
      path: join(folder.path, 'one.csv'),
      onProgress: () => {},
      mustTidy: true,
    });
    if (result?.rows !== 1) throw new SluiceError('source_failed', 'The row did not come back.');
  } finally {
    await folder.remove();
  }
}
