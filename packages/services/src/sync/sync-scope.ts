import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';

/** The part of a query that keeps a token limited to some syncs to those; others of the workspace do not exist for it. */
export function syncScope(actor: Actor): { id?: { in: number[] } } {
  const { identity } = actor;
  if (identity.kind !== 'token' || identity.syncIds === null) return {};
  return { id: { in: [...identity.syncIds] } };
}

/** `not_found` for a sync, also for one of another workspace or beyond the token's limits. */
export const syncNotFound = (id: number): SluiceError =>
  new SluiceError('not_found', `There is no sync ${id} in this workspace.`);
