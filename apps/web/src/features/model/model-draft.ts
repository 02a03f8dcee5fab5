import type { ModelView } from '@sluice/domain/model';
import type { StoredQuery } from '@sluice/domain/query';
import { z } from 'zod';

/** A model that is being written. All ways to get rows are kept, so that switching loses nothing. */
export const ModelDraft = z.object({
  sourceId: z.number().int().nullable().default(null),
  queryType: z.enum(['raw_sql', 'table', 'dbt']).default('raw_sql'),
  sql: z.string().default(''),
  table: z.object({ schema: z.string(), name: z.string() }).nullable().default(null),
  dbt: z.object({ projectId: z.number().int(), uniqueId: z.string() }).nullable().default(null),
  primaryKey: z.string().default(''),
  name: z.string().default(''),
  slug: z.string().default(''),
  description: z.string().default(''),
});
export type ModelDraft = z.infer<typeof ModelDraft>;

export const emptyModelDraft = (): ModelDraft => ModelDraft.parse({});

/** The draft for a source. What was chosen in another one is not there: its tables, its dbt models, the key of its rows. */
export function draftOn(draft: ModelDraft, sourceId: number | null): ModelDraft {
  if (draft.sourceId === sourceId) return draft;
  return { ...draft, sourceId, table: null, dbt: null, primaryKey: '' };
}

/** A saved model as a draft, for its editor. */
export function modelDraftOf(model: ModelView): ModelDraft {
  const { query } = model;
  return {
    sourceId: model.sourceId,
    queryType: query.queryType,
    sql: query.queryType === 'raw_sql' ? query.sql : '',
    table: query.queryType === 'table' ? { schema: query.schema, name: query.table } : null,
    dbt: query.queryType === 'dbt' ? { projectId: query.dbtProjectId, uniqueId: query.uniqueId } : null,
    primaryKey: model.primaryKey,
    name: model.name,
    slug: model.slug,
    description: model.description,
  };
}

/** The draft's query; `null` while there is none. */
export function queryOf(draft: ModelDraft): StoredQuery | null {
  if (draft.queryType === 'dbt') {
    const { dbt } = draft;
    return dbt && { queryType: 'dbt', dbtProjectId: dbt.projectId, uniqueId: dbt.uniqueId };
  }
  if (draft.queryType === 'table') {
    return draft.table && { queryType: 'table', schema: draft.table.schema, table: draft.table.name };
  }
  const sql = draft.sql.trim();
  return sql === '' ? null : { queryType: 'raw_sql', sql };
}

/** Whether two queries read the same; blank lines around a statement change nothing. */
export function sameQuery(one: StoredQuery | null, other: StoredQuery | null): boolean {
  if (one === null || other === null) return one === other;
  if (one.queryType === 'raw_sql')
    return other.queryType === 'raw_sql' && one.sql.trim() === other.sql.trim();
  if (one.queryType === 'dbt')
    return (
      other.queryType === 'dbt' && one.dbtProjectId === other.dbtProjectId && one.uniqueId === other.uniqueId
    );
  return other.queryType === 'table' && one.schema === other.schema && one.table === other.table;
}

/** A key that is likely right: the table's own, or a column named like one. */
export function suggestedKey(columns: readonly string[], tableKey: string | undefined): string | undefined {
  if (tableKey && columns.includes(tableKey)) return tableKey;
  return (
    ['id', 'uuid', 'key', 'pk'].find((name) => columns.includes(name)) ??
    columns.find((name) => /_id$/.test(name))
  );
}
