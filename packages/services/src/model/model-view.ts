import type { Column } from '@sluice/domain/column';
import type { ModelView } from '@sluice/domain/model';
import type { ModelQuery } from '@sluice/domain/query';
import { syncStatus } from '../sync/sync-status.ts';

/** What a model is loaded with to be shown. */
export const modelInclude = {
  source: { select: { name: true, type: true } },
  syncs: {
    select: { id: true, slug: true, status: true, disabled: true, destination: { select: { name: true } } },
    orderBy: { id: 'asc' },
  },
} as const;

interface ModelRow {
  id: number;
  name: string;
  slug: string;
  description: string;
  sourceId: number;
  query: unknown;
  primaryKey: string;
  columns: unknown;
  tags: unknown;
  lastRunSize: number | null;
  createdAt: Date;
  updatedAt: Date;
  source: { name: string; type: string };
  syncs: { id: number; slug: string; status: string; disabled: boolean; destination: { name: string } }[];
}

/** A model with its source and the syncs that use it. */
export function modelView(row: ModelRow): ModelView {
  const { id, name, slug, description, sourceId, primaryKey, lastRunSize, createdAt, updatedAt } = row;
  return {
    id,
    name,
    slug,
    description,
    sourceId,
    sourceName: row.source.name,
    sourceType: row.source.type,
    query: row.query as ModelQuery,
    primaryKey,
    columns: row.columns as Column[],
    tags: row.tags as Record<string, string>,
    lastRunSize,
    syncs: row.syncs.map((sync) => ({
      id: sync.id,
      slug: sync.slug,
      destinationName: sync.destination.name,
      status: syncStatus(sync),
    })),
    createdAt,
    updatedAt,
  };
}
