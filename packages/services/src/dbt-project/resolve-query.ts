import type { Connection } from '@sluice/db/client';
import { SluiceError } from '@sluice/domain/error';
import type { DbtQuery, ModelQuery, StoredQuery } from '@sluice/domain/query';
import { queryOfNode, type ReadableNode } from './node-query.ts';

interface Place {
  readonly workspaceId: number;
  readonly sourceId: number;
}

/**
 * What the source is asked for a model's query: a dbt node becomes its relation, or its compiled SQL. Throws `not_found`
 * for a project or node that this workspace does not have, `input_invalid` for one of another source, and
 * `dbt_model_missing` for one that cannot be read.
 */
export async function resolveQuery(db: Connection, place: Place, query: StoredQuery): Promise<ModelQuery> {
  return query.queryType === 'dbt' ? queryOfNode(await findNode(db, place, query)) : query;
}

/** The id of the node that a query names, to follow it by; `null` for other queries. Throws as `resolveQuery`. */
export async function nodeIdOf(db: Connection, place: Place, query: StoredQuery): Promise<number | null> {
  return query.queryType === 'dbt' ? (await findNode(db, place, query)).id : null;
}

async function findNode(
  db: Connection,
  place: Place,
  query: DbtQuery,
): Promise<ReadableNode & { id: number }> {
  const { workspaceId, sourceId } = place;
  const { dbtProjectId, uniqueId } = query;
  const node = await db.dbtNode.findFirst({
    where: { workspaceId, projectId: dbtProjectId, uniqueId },
    select: {
      id: true,
      uniqueId: true,
      relation: true,
      compiledSql: true,
      present: true,
      project: { select: { name: true, sourceId: true } },
    },
  });
  if (!node) {
    const message = `There is no dbt model "${uniqueId}" in a dbt project ${dbtProjectId} of this workspace.`;
    throw new SluiceError('not_found', message, { fields: { query: message } });
  }
  if (node.project.sourceId !== sourceId) {
    const message = `The dbt project "${node.project.name}" belongs to another source than this model.`;
    throw new SluiceError('input_invalid', message, { fields: { query: message } });
  }
  return node;
}
