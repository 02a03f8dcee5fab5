import type { DestinationView } from '@sluice/domain/connection';
import type { ResyncKind } from '@sluice/domain/sync';
import type { ConnectionRow } from '../connection/connection-kind.ts';
import { connectionView } from '../connection/connection-view.ts';

/** What a destination is loaded with to be shown. */
export const destinationInclude = {
  syncs: {
    select: { id: true, slug: true, pendingResync: true, model: { select: { name: true } } },
    orderBy: { id: 'asc' },
  },
} as const;

/** A destination and the syncs that write to it. */
export function destinationView(
  row: ConnectionRow & {
    syncs: { id: number; slug: string; pendingResync: string; model: { name: string } }[];
  },
): DestinationView {
  const syncs = row.syncs.map(({ id, slug, model, pendingResync }) => ({
    id,
    slug,
    modelName: model.name,
    pendingResync: pendingResync as ResyncKind,
  }));
  return { ...connectionView(row), syncs };
}
