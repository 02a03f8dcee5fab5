import type { Actor } from '@sluice/domain/actor';
import { removeConnection } from '../connection/remove-connection.ts';
import type { ServiceContext } from '../context.ts';
import { sourceKind } from './source-kind.ts';

/** Removes a source and its credentials. Throws `not_found`, and `in_use` naming what depends on it. */
export async function removeSource(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<void> {
  await removeConnection(ctx, actor, sourceKind, input.id);
}
