import type { Actor } from '@sluice/domain/actor';

/** Ids of syncs beside another resource: for a token limited to some syncs, the others do not exist. */
export function visibleSyncs({ identity }: Actor, syncs: readonly { id: number }[]): number[] {
  const ids = syncs.map(({ id }) => id);
  if (identity.kind !== 'token' || identity.syncIds === null) return ids;
  const allowed = new Set(identity.syncIds);
  return ids.filter((id) => allowed.has(id));
}
