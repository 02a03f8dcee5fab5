import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SluiceError } from '@sluice/domain/error';

/**
 * AES-256-GCM with a random 96-bit IV, as text `v1.kid.iv.ct.tag` (base64url). `place` is associated data: the text
 * opens only where it was sealed.
 */
export function sealText(key: Buffer, keyId: string, place: string, plain: Buffer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return ['v1', keyId, ...[iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join(
    '.',
  );
}

/** The plain bytes. Throws `internal` when the text is not of this form, was changed, or belongs to another place. */
export function openText(keyOf: (keyId: string) => Buffer, place: string, text: string): Buffer {
  const [version, keyId, iv, sealed, tag, ...rest] = text.split('.');
  if (version !== 'v1' || !keyId || !iv || sealed === undefined || !tag || rest.length > 0) {
    throw new SluiceError('internal', 'A stored secret is damaged.', { fix });
  }
  const key = keyOf(keyId);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
      authTagLength: 16,
    });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(Buffer.from(tag, 'base64url'));
    return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64url')), decipher.final()]);
  } catch (cause) {
    throw new SluiceError('internal', 'A stored secret could not be opened: it was changed or moved.', {
      fix,
      cause,
    });
  }
}

const fix =
  'Enter the secrets of the connection again, or restore the database and ENCRYPTION_KEYS together.';
