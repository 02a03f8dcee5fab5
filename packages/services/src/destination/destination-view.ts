import type { DestinationView } from '@sluice/domain/connection';
import type { ConnectionRow } from '../connection/connection-kind.ts';
import { connectionView } from '../connection/connection-view.ts';

/** What a destination is loaded with to be shown. */
export const destinationInclude = {
  syncs: { select: { id: true, slug: true, model: { select: { name: true } } }, orderBy: { id: 'asc' } },
} as const;

/** A destination and the syncs that write to it. */
export function destinationView(
  row: ConnectionRow & { syncs: { id: number; slug: string; model: { name: string } }[] },
): DestinationView {
  const syncs = row.syncs.map(({ id, slug, model }) => ({ id, slug, modelName: model.name }));
  return { ...connectionView(row), syncs };
}
