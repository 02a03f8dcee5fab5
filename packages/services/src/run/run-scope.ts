import type { Actor } from '@sluice/domain/actor';

/** Rows of `runs` that the actor may know: of its workspace, and for a limited token of its syncs only. */
export function runScope(actor: Actor): { workspaceId: number; syncId?: { in: number[] } } {
  const { identity, workspaceId } = actor;
  if (identity.kind !== 'token' || identity.syncIds === null) return { workspaceId };
  return { workspaceId, syncId: { in: [...identity.syncIds] } };
}

/** The same for rows of `syncs`. */
export function syncScope(actor: Actor): { workspaceId: number; id?: { in: number[] } } {
  const { workspaceId, syncId } = runScope(actor);
  return syncId ? { workspaceId, id: syncId } : { workspaceId };
}
