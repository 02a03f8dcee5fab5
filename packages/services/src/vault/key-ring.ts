import { createHash } from 'node:crypto';
import { SluiceError } from '@sluice/domain/error';

/** The operator's keys. The first one seals; the others only open what was sealed before a rotation. */
export interface KeyRing {
  readonly activeId: string;
  readonly keys: ReadonlyMap<string, Buffer>;
}

/** Printed in `.env.example` and documentation: never accepted. SHA-256 of the key bytes. */
const sampleKeys = new Set(
  [
    '0123456789abcdef0123456789abcdef',
    'change-me-change-me-change-me-32',
    '00000000000000000000000000000000',
  ].map(digestOf),
);

/**
 * Reads `ENCRYPTION_KEYS`: `kid:base64key,kid2:base64key`, each key 32 random bytes, the first one active. Throws
 * `settings_invalid` for anything missing, short, repeated, or made by hand; the message never holds a key.
 * `others` are further secrets of the process (`NEXTAUTH_SECRET`) that may not be used again here.
 */
export function parseKeyRing(text: string | undefined, others: readonly string[] = []): KeyRing {
  const entries = (text ?? '').split(',').map((entry) => entry.trim());
  const keys = new Map<string, Buffer>();
  const seen = new Set<string>();
  for (const entry of entries) {
    if (entry === '') refuse(text ? 'has an empty entry' : 'is not set');
    const [, id, encoded] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(entry) ?? [];
    if (!id || !encoded) refuse('has an entry that is not of the form kid:base64key');
    const key = Buffer.from(encoded, 'base64');
    if (key.length !== 32) refuse(`: key "${id}" is not 32 bytes long`);
    if (isMadeByHand(key)) refuse(`: key "${id}" is a sample or not random`);
    if (others.some((other) => other === encoded || other === key.toString('utf8'))) {
      refuse(`: key "${id}" is also used as another secret`);
    }
    if (keys.has(id)) refuse(`names the key id "${id}" twice`);
    if (seen.has(digestOf(key))) refuse('holds the same key under two ids');
    seen.add(digestOf(key));
    keys.set(id, key);
  }
  const [activeId] = keys.keys();
  if (activeId === undefined) return refuse('is not set');
  return { activeId, keys };
}

function refuse(problem: string): never {
  throw new SluiceError('settings_invalid', `ENCRYPTION_KEYS ${problem}.`.replace(' :', ':'), {
    fix: 'Set it to k1: followed by the output of: openssl rand -base64 32',
  });
}

/** Random bytes hold 12 or more different values in 32 places with overwhelming probability; typed ones repeat. */
function isMadeByHand(key: Buffer): boolean {
  return (
    sampleKeys.has(digestOf(key)) || new Set(key).size < 12 || /^[\x20-\x7e]+$/.test(key.toString('latin1'))
  );
}

function digestOf(key: Buffer | string): string {
  return createHash('sha256').update(key).digest('base64');
}
