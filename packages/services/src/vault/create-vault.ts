import { randomBytes } from 'node:crypto';
import type { Database } from '@sluice/db/client';
import { unwrapDataKey, wrapDataKey } from './data-key.ts';
import type { KeyRing } from './key-ring.ts';
import { openText, sealText } from './sealed-text.ts';
import type { SecretRef, Vault } from './vault.ts';

/** Data keys kept in clear in this process. */
const cachedMax = 1_000;

/** A vault over the workspaces' data keys in the database, wrapped by the ring. Data keys are made at first use. */
export function createVault(db: Database, ring: KeyRing): Vault {
  const cache = new Map<number, Promise<Buffer>>();

  const dataKeyOf = (workspaceId: number): Promise<Buffer> => {
    const known = cache.get(workspaceId);
    if (known) return known;
    const loading = loadDataKey(db, ring, workspaceId);
    cache.set(workspaceId, loading);
    loading.catch(() => cache.delete(workspaceId));
    const [oldest] = cache.keys();
    if (cache.size > cachedMax && oldest !== undefined) cache.delete(oldest);
    return loading;
  };

  return {
    async seal(ref, plain) {
      const key = await dataKeyOf(ref.workspaceId);
      return sealText(key, `w${ref.workspaceId}`, placeOf(ref), Buffer.from(plain, 'utf8'));
    },
    async open(ref, sealed) {
      const key = await dataKeyOf(ref.workspaceId);
      return openText(() => key, placeOf(ref), sealed).toString('utf8');
    },
  };
}

async function loadDataKey(db: Database, ring: KeyRing, workspaceId: number): Promise<Buffer> {
  const stored = await db.dataKey.findUnique({ where: { workspaceId } });
  if (stored) return unwrapDataKey(ring, workspaceId, stored.wrapped);
  // Two processes may make one at the same time: the first row counts, and both read it.
  await db.dataKey.createMany({
    data: [{ workspaceId, wrapped: wrapDataKey(ring, workspaceId, randomBytes(32)) }],
    skipDuplicates: true,
  });
  const { wrapped } = await db.dataKey.findUniqueOrThrow({ where: { workspaceId } });
  return unwrapDataKey(ring, workspaceId, wrapped);
}

const placeOf = (ref: SecretRef) => `sluice/${ref.workspaceId}/${ref.table}/${ref.recordId}/${ref.field}`;
