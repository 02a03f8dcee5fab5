import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';

/**
 * Sequences that the actor may know: of its workspace, and for a token limited to some syncs only those made of
 * these syncs alone.
 */
export function sequenceScope(actor: Actor) {
  const { identity, workspaceId } = actor;
  if (identity.kind !== 'token' || identity.syncIds === null) return { workspaceId };
  return { workspaceId, steps: { every: { syncId: { in: [...identity.syncIds] } } } };
}

/** Runs of those sequences; steps count as they were when the run started. */
export function sequenceRunScope(actor: Actor) {
  return { ...sequenceScope(actor), sequence: sequenceScope(actor) };
}

/** `not_found` for a sequence, also for one of another workspace or beyond the token's limits. */
export const sequenceNotFound = (): SluiceError =>
  new SluiceError('not_found', 'There is no such sequence in this workspace.');

/** The same for a run of a sequence. */
export const sequenceRunNotFound = (): SluiceError =>
  new SluiceError('not_found', 'There is no such sequence run in this workspace.');
