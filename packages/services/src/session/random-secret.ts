import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits for a link or a token, as URL-safe text. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of it: SHA-256 is enough for 256 random bits, and can be looked up by an index. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
