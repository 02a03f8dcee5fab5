import { type Actor, authorise } from '@sluice/domain/actor';
import type { Column } from '@sluice/domain/column';
import type { SyncEffect, SyncEffectInput } from '@sluice/domain/edit-effect';
import { SyncConfiguration } from '@sluice/domain/sync';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { withDestination } from '../destination/with-destination.ts';
import { effectsOfEdit } from './edit-effects.ts';
import { getSyncRow } from './get-sync.ts';
import { referencedColumns } from './referenced-columns.ts';

/**
 * What saving a configuration would do to rows that were delivered before, and the choice where there is one. Nothing is
 * changed, and the destination is not asked. Throws `not_found`.
 */
export async function effectOfEdit(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof SyncEffectInput>,
  options: { signal: AbortSignal },
): Promise<SyncEffect> {
  authorise(actor, 'sync.write');
  const sync = await getSyncRow(ctx, actor, input.id);
  const before = SyncConfiguration.parse(sync.configuration);
  const after = input.configuration;
  const columns = await withDestination(
    ctx,
    sync.workspaceId,
    sync.destinationId,
    options.signal,
    async (connection) => ({
      before: referencedColumns(before, connection),
      after: referencedColumns(after, connection),
    }),
  );
  const ledgerRows = sync.ledgerKey === null ? 0 : sync.ledgerRows;
  const modelColumns = (sync.model.columns as Column[]).map(({ name }) => name);
  const effects = effectsOfEdit(
    { configuration: before, columns: columns.before },
    { configuration: after, columns: columns.after },
    { ledgerRows, modelColumns },
  );
  return { syncId: sync.id, slug: sync.slug, ledgerRows, ...effects };
}
