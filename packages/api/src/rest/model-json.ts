import { z } from '@hono/zod-openapi';
import { rollouts } from '@sluice/domain/edit-effect';
import { SluiceError } from '@sluice/domain/error';
import { CreateModel } from '@sluice/domain/model';
import { ModelQuery } from '@sluice/domain/query';
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
    queryType: z.enum(['raw_sql', 'table']),
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
    lastRunSize: z.number().int().nullable(),
  })
  .openapi('Model');

/** How the contract spells a query; `sql` alone is understood as well. */
const queryFields = {
  queryType: z.string().optional().describe('raw_sql or table'),
  raw: z.strictObject({ sql: z.string() }).nullish(),
  table: z.strictObject({ name: z.string() }).nullish(),
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
  input: Pick<z.infer<typeof UpdateModelJson>, 'queryType' | 'raw' | 'table' | 'sql' | 'isSchema'>,
  current: ModelQuery | null = null,
): ModelQuery | undefined {
  if (input.isSchema) refuse('isSchema', 'Models that only serve other models do not exist here.');
  const sql = sqlOf(input, current);
  const queryType = input.queryType ?? (sql === undefined ? input.table && 'table' : 'raw_sql');
  if (queryType === undefined) return undefined;
  if (queryType === 'raw_sql') return read({ queryType, sql: sql ?? refuse('raw.sql', 'Write a SELECT.') });
  if (queryType !== 'table')
    return refuse('queryType', `"${queryType}" does not exist here: use raw_sql or table.`);
  const full = input.table?.name ?? refuse('table.name', 'Name the table.');
  const dot = full.indexOf('.');
  return read({ queryType, schema: dot < 0 ? 'public' : full.slice(0, dot), table: full.slice(dot + 1) });
}

function sqlOf(
  { raw, sql }: Pick<z.infer<typeof UpdateModelJson>, 'raw' | 'sql'>,
  current: ModelQuery | null,
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
      : { table: { name: `${query.schema}.${query.table}` } }),
    lastRunSize: view.lastRunSize,
  };
}

function read(query: unknown): ModelQuery {
  const parsed = ModelQuery.safeParse(query);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return refuse(issue?.path.join('.') ?? 'queryType', issue?.message ?? 'The query is not valid.');
}

function refuse(field: string, message: string): never {
  throw new SluiceError('input_invalid', message, { fields: { [field]: message } });
}
