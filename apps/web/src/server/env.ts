import { SluiceError } from '@sluice/domain/error';

/** The environment as the services read it: they check every variable themselves and name the wrong ones. */
export const environment = (): Record<string, string | undefined> => ({ ...process.env });

/** Signs session cookies. Throws `settings_invalid` when it is missing or too short to be safe. */
export function sessionSecret(): string {
  const secret = process.env.NEXTAUTH_SECRET ?? '';
  if (secret.length >= 32) return secret;
  throw new SluiceError('settings_invalid', 'NEXTAUTH_SECRET must be set, and 32 characters or longer.');
}
