import type { Actor } from '@sluice/domain/actor';

/** Rows of `runs` that the actor may know: of its workspace, and for a limited token of its syncs only. */
export function runScope(actor: Actor): { workspaceId: number; syncId?: { in: number[] } } {
  const { identity, workspaceId } = actor;
  if (identity.kind !== 'token' || identity.syncIds === null) return { workspaceId };
  return { workspaceId, syncId: { in: [...identity.syncIds] } };
}
