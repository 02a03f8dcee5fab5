import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const LocalKeys = z.object({
  encryptionKeys: z.string(),
  authSecret: z.string(),
  demoPassword: z.string(),
  demoDatabasePassword: z.string(),
});
export type LocalKeys = z.infer<typeof LocalKeys>;

/** Keys of this installation, made at the first start and kept beside the data, readable by its owner alone. */
export async function readLocalKeys(directory: string): Promise<LocalKeys> {
  const path = join(directory, 'keys.json');
  const existing = await readFile(path, 'utf8').catch(() => null);
  if (existing !== null) return LocalKeys.parse(JSON.parse(existing));
  const keys: LocalKeys = {
    encryptionKeys: `local:${randomBytes(32).toString('base64')}`,
    authSecret: randomBytes(32).toString('base64url'),
    demoPassword: randomBytes(9).toString('base64url'),
    demoDatabasePassword: randomBytes(18).toString('base64url'),
  };
  // Renamed into place: a crash in between never leaves half a key behind.
  await writeFile(`${path}.new`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return keys;
}
