import type { Column } from '@sluice/domain/column';
import type { FollowedNode, ModelView } from '@sluice/domain/model';
import type { StoredQuery } from '@sluice/domain/query';
import { problemOfNode } from '../dbt-project/node-query.ts';
import { syncStatus } from '../sync/sync-status.ts';

/** What a model is loaded with to be shown. */
export const modelInclude = {
  source: { select: { name: true, type: true } },
  dbtNode: {
    select: {
      id: true,
      uniqueId: true,
      name: true,
      materialised: true,
      relation: true,
      database: true,
      schema: true,
      rawSql: true,
      compiledSql: true,
      present: true,
      previousId: true,
      renamedAt: true,
      project: { select: { id: true, slug: true, name: true } },
    },
  },
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
  dbtNode:
    | (Omit<FollowedNode, 'nodeId' | 'projectId' | 'projectSlug' | 'projectName' | 'problem'> & {
        id: number;
        present: boolean;
        project: { id: number; slug: string; name: string };
      })
    | null;
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
    query: row.query as StoredQuery,
    dbt: row.dbtNode && followedNode(row.dbtNode),
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

function followedNode(node: NonNullable<ModelRow['dbtNode']>): FollowedNode {
  const { id, project, present, ...shown } = node;
  return {
    ...shown,
    nodeId: id,
    projectId: project.id,
    projectSlug: project.slug,
    projectName: project.name,
    problem: problemOfNode(node)?.message ?? null,
  };
}
