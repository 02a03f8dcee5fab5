import { SluiceError } from '@sluice/domain/error';
import type { KeyRing } from './key-ring.ts';
import { openText, sealText } from './sealed-text.ts';

/** A workspace's data key, wrapped by the active key of the ring. */
export function wrapDataKey(ring: KeyRing, workspaceId: number, dataKey: Buffer): string {
  return sealText(keyOf(ring)(ring.activeId), ring.activeId, placeOf(workspaceId), dataKey);
}

/** The data key in clear. Throws `settings_invalid` when the ring lacks the key that wrapped it. */
export function unwrapDataKey(ring: KeyRing, workspaceId: number, wrapped: string): Buffer {
  return openText(keyOf(ring), placeOf(workspaceId), wrapped);
}

const placeOf = (workspaceId: number) => `sluice/data-key/${workspaceId}`;

const keyOf =
  (ring: KeyRing) =>
  (keyId: string): Buffer => {
    const key = ring.keys.get(keyId);
    if (key) return key;
    throw new SluiceError(
      'settings_invalid',
      `ENCRYPTION_KEYS lacks the key "${keyId}" that sealed the credentials.`,
      {
        fix: 'Add the old key behind the new one, start, and run the rotation before you remove it.',
      },
    );
  };
