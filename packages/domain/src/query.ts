import { z } from 'zod';
import { Id } from './id.ts';

const rawSql = z.strictObject({
  queryType: z.literal('raw_sql'),
  sql: z.string().trim().min(1, 'Write a SELECT.').max(200_000),
});
const table = z.strictObject({
  queryType: z.literal('table'),
  schema: z.string().min(1).max(200),
  table: z.string().min(1).max(200),
});
/** A model, snapshot, seed or analysis of a dbt project; its SQL is that of the newest manifest. */
const dbt = z.strictObject({
  queryType: z.literal('dbt'),
  dbtProjectId: Id,
  uniqueId: z.string().min(1).max(500),
});

/** What a source can be asked. Payload names are those of the REST contract. */
export const ModelQuery = z.discriminatedUnion('queryType', [rawSql, table]);
export type ModelQuery = z.infer<typeof ModelQuery>;

/** How a model gets its rows: a query, or the name of a dbt node that becomes one when it is read. */
export const StoredQuery = z.discriminatedUnion('queryType', [rawSql, table, dbt]);
export type StoredQuery = z.infer<typeof StoredQuery>;
export type DbtQuery = z.infer<typeof dbt>;
