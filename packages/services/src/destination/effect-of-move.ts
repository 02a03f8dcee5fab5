import { type Actor, authorise } from '@sluice/domain/actor';
import type { DestinationEffect, DestinationEffectInput } from '@sluice/domain/edit-effect';
import type { z } from 'zod';
import { getConnectionRow } from '../connection/get-connection-row.ts';
import { placeChanged } from '../connection/place-changed.ts';
import type { ServiceContext } from '../context.ts';
import { destinationKind } from './destination-kind.ts';

/**
 * What saving a configuration of a destination would do to its syncs: nothing, unless it then leads to another system or
 * account, of which their ledgers know nothing. Throws `not_found`.
 */
export async function effectOfMove(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof DestinationEffectInput>,
): Promise<DestinationEffect> {
  authorise(actor, 'destination.write');
  const { workspaceId } = actor;
  const row = await getConnectionRow(ctx.db, destinationKind, workspaceId, input.id);
  const before = row.configuration as Record<string, unknown>;
  const { fields } = destinationKind.connector(row.type);
  const moved = placeChanged(fields, before, { ...before, ...input.configuration });
  if (!moved) return { moved, syncs: [] };
  const syncs = await ctx.db.sync.findMany({
    where: { workspaceId, destinationId: row.id, ledgerKey: { not: null } },
    select: { id: true, slug: true, ledgerRows: true },
    orderBy: { id: 'asc' },
  });
  return {
    moved,
    syncs: syncs.map(({ id, slug, ledgerRows }) => ({
      syncId: id,
      slug,
      ledgerRows,
      broken: false,
      effects: [
        {
          kind: 'place_changed',
          title: 'The destination leads elsewhere',
          explanation: 'What was delivered is at the system before, and stays there.',
          names: [],
        },
      ],
      choices: [
        {
          rollout: 'backfill',
          label: 'It is another system',
          explanation: 'The next run sends every row as new. Nothing is removed at the system before.',
        },
        {
          rollout: 'from_now',
          label: 'It is the same system under another address',
          explanation: 'Nothing is sent again: what was delivered is still true.',
        },
      ],
    })),
  };
}
