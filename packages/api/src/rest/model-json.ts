import { z } from '@hono/zod-openapi';
import { rollouts } from '@sluice/domain/edit-effect';
import { SluiceError } from '@sluice/domain/error';
import { CreateModel, type FollowedNode } from '@sluice/domain/model';
import { StoredQuery } from '@sluice/domain/query';
import type { ListedModel } from '@sluice/services/model/list-model-page';
import { looseBoolean, looseId } from './loose.ts';
import { readOnly } from './read-only.ts';
import type { RestEnv } from './rest-env.ts';
import { visibleSyncs } from './visible-syncs.ts';

export const ModelJson = z
  .object({
    id: z.number().int(),
    workspaceId: z.number().int(),
    sourceId: z.number().int(),
    name: z.string(),
    slug: z.string(),
    description: z.string(),
    primaryKey: z.string(),
    queryType: z.enum(['raw_sql', 'table', 'dbt']),
    isSchema: z.boolean(),
    tags: z.record(z.string(), z.string()),
    syncs: z.array(z.number().int()),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    raw: z.object({ sql: z.string() }).optional(),
    sql: z
      .string()
      .optional()
      .describe('As raw.sql, for the Terraform provider that compares it; nobody else gets it.'),
    table: z.object({ name: z.string() }).optional(),
    dbt: z
      .object({
        modelId: z.number().int(),
        dbtProjectId: z.number().int(),
        dbtProject: z.string().describe('Slug of the dbt project.'),
        dbtUniqueId: z.string(),
        name: z.string(),
        database: z.string().nullable(),
        schema: z.string().nullable(),
        relation: z.string().nullable().describe('As dbt writes it; null where dbt makes none.'),
        rawSql: z.string().nullable(),
        compiledSql: z.string().nullable(),
        problem: z.string().nullable().describe('What keeps it from being read.'),
      })
      .optional(),
    lastRunSize: z.number().int().nullable(),
  })
  .openapi('Model');

/** How the contract spells a query; `sql` alone is understood as well. */
const queryFields = {
  queryType: z.string().optional().describe('raw_sql, table or dbt'),
  raw: z.strictObject({ sql: z.string() }).nullish(),
  table: z.strictObject({ name: z.string() }).nullish(),
  dbt: z
    .strictObject({
      dbtUniqueId: z.string(),
      dbtProject: z
        .string()
        .optional()
        .describe('Slug of the dbt project; may be left out where the source has only one.'),
      ...readOnly(
        'modelId',
        'dbtProjectId',
        'name',
        'database',
        'schema',
        'relation',
        'rawSql',
        'compiledSql',
        'problem',
      ),
    })
    .nullish(),
  sql: z.string().nullish().describe('The same as raw.sql'),
};
const answered = readOnly('id', 'workspaceId', 'createdAt', 'updatedAt', 'syncs', 'lastRunSize');

const { name, slug, description, primaryKey, tags } = CreateModel.shape;

export const CreateModelJson = z
  .strictObject({
    name,
    slug,
    description,
    primaryKey,
    tags,
    sourceId: looseId,
    isSchema: looseBoolean.optional(),
    ...queryFields,
    ...answered,
  })
  .openapi('CreateModel');

export const UpdateModelJson = z
  .strictObject({
    name: name.optional(),
    description: z.string().max(2000).optional(),
    primaryKey: primaryKey.optional(),
    tags: z.record(z.string().max(60), z.string().max(200)).optional(),
    isSchema: looseBoolean.optional(),
    rollout: z
      .enum(rollouts)
      .optional()
      .describe(
        'Where syncs that use every column get new ones: whether rows delivered before are sent again.',
      ),
    acceptFullResync: looseBoolean
      .default(false)
      .describe('Consent to what a new primary key does: all rows of every sync are sent again.'),
    slug: z.string().optional().describe('Cannot be changed.'),
    sourceId: looseId.optional().describe('Cannot be changed.'),
    ...queryFields,
    ...answered,
  })
  .openapi('UpdateModel');

/**
 * The query of a body; `undefined` when it holds none. SQL can be said twice: a copy that still says what is set
 * (`current`) yields to the other. Throws `input_invalid` for kinds that do not exist here, and for two new texts.
 */
export function queryOf(
  input: Pick<z.infer<typeof UpdateModelJson>, 'queryType' | 'raw' | 'table' | 'dbt' | 'sql' | 'isSchema'>,
  projects: readonly { id: number; slug: string }[],
  current: StoredQuery | null = null,
): StoredQuery | undefined {
  if (input.isSchema) refuse('isSchema', 'Models that only serve other models do not exist here.');
  const sql = sqlOf(input, current);
  const queryType =
    input.queryType ?? (sql === undefined ? (input.table && 'table') || (input.dbt && 'dbt') : 'raw_sql');
  if (!queryType) return undefined;
  if (queryType === 'raw_sql') return read({ queryType, sql: sql ?? refuse('raw.sql', 'Write a SELECT.') });
  if (queryType === 'dbt') {
    const { dbtUniqueId, dbtProject } = input.dbt ?? refuse('dbt.dbtUniqueId', 'Name the dbt model.');
    return read({ queryType, dbtProjectId: projectOf(projects, dbtProject), uniqueId: dbtUniqueId });
  }
  if (queryType !== 'table')
    return refuse('queryType', `"${queryType}" does not exist here: use raw_sql, table or dbt.`);
  const full = input.table?.name ?? refuse('table.name', 'Name the table.');
  const dot = full.indexOf('.');
  return read({ queryType, schema: dot < 0 ? 'public' : full.slice(0, dot), table: full.slice(dot + 1) });
}

function projectOf(projects: readonly { id: number; slug: string }[], wanted: string | undefined): number {
  const found = projects.filter(({ slug }) => wanted === undefined || slug === wanted);
  const [only] = found;
  if (found.length === 1 && only) return only.id;
  const slugs = projects.map(({ slug }) => slug).join(', ');
  if (slugs === '') refuse('dbt.dbtProject', 'The source has no dbt project.');
  return refuse('dbt.dbtProject', `The source has the dbt projects ${slugs}: name one of them.`);
}

function sqlOf(
  { raw, sql }: Pick<z.infer<typeof UpdateModelJson>, 'raw' | 'sql'>,
  current: StoredQuery | null,
): string | null | undefined {
  if (!raw || sql === null || sql === undefined || raw.sql === sql) return raw?.sql ?? sql;
  const set = current?.queryType === 'raw_sql' ? current.sql : null;
  if (sql === set) return raw.sql;
  return raw.sql === set ? sql : refuse('sql', 'This differs from raw.sql: send one of them.');
}

/** A model as the contract names its parts. */
export function modelJson(
  { actor, readsCopies }: Pick<RestEnv['Bindings'], 'actor' | 'readsCopies'>,
  view: ListedModel,
): z.infer<typeof ModelJson> {
  const { query } = view;
  return {
    id: view.id,
    workspaceId: actor.workspaceId,
    sourceId: view.sourceId,
    name: view.name,
    slug: view.slug,
    description: view.description,
    primaryKey: view.primaryKey,
    queryType: query.queryType,
    isSchema: false,
    tags: view.tags,
    syncs: visibleSyncs(actor, view.syncs),
    createdAt: view.createdAt.toISOString(),
    updatedAt: view.updatedAt.toISOString(),
    ...(query.queryType === 'raw_sql'
      ? { raw: { sql: query.sql }, ...(readsCopies && { sql: query.sql }) }
      : query.queryType === 'table' && { table: { name: `${query.schema}.${query.table}` } }),
    ...(query.queryType === 'dbt' && view.dbt && { dbt: dbtJson(view.dbt) }),
    lastRunSize: view.lastRunSize,
  };
}

const dbtJson = (node: FollowedNode) => ({
  modelId: node.nodeId,
  dbtProjectId: node.projectId,
  dbtProject: node.projectSlug,
  dbtUniqueId: node.uniqueId,
  name: node.name,
  database: node.database,
  schema: node.schema,
  relation: node.relation,
  rawSql: node.rawSql,
  compiledSql: node.compiledSql,
  problem: node.problem,
});

function read(query: unknown): StoredQuery {
  const parsed = StoredQuery.safeParse(query);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return refuse(issue?.path.join('.') ?? 'queryType', issue?.message ?? 'The query is not valid.');
}

function refuse(field: string, message: string): never {
  throw new SluiceError('input_invalid', message, { fields: { [field]: message } });
}
