import type { Database } from '@sluice/db/client';
import { unwrapDataKey, wrapDataKey } from './data-key.ts';
import type { KeyRing } from './key-ring.ts';

/**
 * Wraps every workspace's data key by the active key of the ring, while the product runs. May be killed at any moment
 * and repeated: each key is one compare-and-set. Afterwards older keys can be taken out of `ENCRYPTION_KEYS`.
 * Throws `settings_invalid` when the ring lacks a key that is still needed; what was done until then stays.
 */
export async function rotateKeys(
  db: Database,
  ring: KeyRing,
  onProgress: (done: number) => void = () => {},
): Promise<{ rotated: number; total: number }> {
  const active = `v1.${ring.activeId}.`;
  let rotated = 0;
  let after = 0;
  while (true) {
    const page = await db.dataKey.findMany({
      where: { workspaceId: { gt: after } },
      orderBy: { workspaceId: 'asc' },
      take: 500,
    });
    for (const { workspaceId, wrapped } of page) {
      after = workspaceId;
      if (wrapped.startsWith(active)) continue;
      const rewrapped = wrapDataKey(ring, workspaceId, unwrapDataKey(ring, workspaceId, wrapped));
      const { count } = await db.dataKey.updateMany({
        where: { workspaceId, wrapped },
        data: { wrapped: rewrapped },
      });
      rotated += count;
    }
    onProgress(rotated);
    if (page.length === 0) return { rotated, total: await db.dataKey.count() };
  }
}
