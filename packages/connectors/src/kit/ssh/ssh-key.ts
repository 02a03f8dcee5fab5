import { fingerprintOf } from './host-key.ts';

/** A key that Sluice signs in with at SSH servers. */
export interface SshKey {
  /** In OpenSSH's form. */
  readonly privateKey: string;
  /** One line, as it stands in `authorized_keys`. */
  readonly publicKey: string;
}

/** A new Ed25519 key; `comment` ends its public line. */
export async function createSshKey(comment: string): Promise<SshKey> {
  const { utils } = (await import('ssh2')).default;
  const pair = utils.generateKeyPairSync('ed25519', { comment });
  return { privateKey: pair.private, publicKey: pair.public.trim() };
}

/** The fingerprint of a public line, `SHA256:…`. */
export const publicKeyFingerprint = (publicKey: string): string =>
  fingerprintOf(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'));
