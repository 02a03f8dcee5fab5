import { type Actor, authorise } from '@sluice/domain/actor';
import { removeConnection } from '../connection/remove-connection.ts';
import type { ServiceContext } from '../context.ts';
import { sourceKind } from './source-kind.ts';
import { tidyPlanner } from './tidy-planner.ts';

/**
 * Removes a source and its credentials, and before that what its planner left there, if it can be reached. Throws
 * `not_found`, and `in_use` naming what depends on it.
 */
export async function removeSource(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<void> {
  authorise(actor, sourceKind.writePermission);
  try {
    await tidyPlanner(
      ctx,
      { workspaceId: actor.workspaceId, sourceId: input.id },
      AbortSignal.timeout(tidyMs),
    );
  } catch (err) {
    ctx.log.info({ err, sourceId: input.id }, 'planner tables of a removed source stay there');
  }
  await removeConnection(ctx, actor, sourceKind, input.id);
}

/** A person waits for the source to be gone. */
const tidyMs = 10_000;
