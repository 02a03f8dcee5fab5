import { createHash } from 'node:crypto';

/** The fingerprint of a server's or person's key, as `ssh-keygen -l` shows it: `SHA256:…`. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** A fingerprint as it was typed, without the padding that some programs show; `null` when it is none. */
export function readFingerprint(text: string): string | null {
  const bare = text.trim().replace(/=+$/, '');
  return /^SHA256:[A-Za-z0-9+/]{43}$/.test(bare) ? bare : null;
}
