import type { SchemaTable } from '@sluice/domain/connector';
import type { SqlSession } from '../../kit/sql/engine.ts';
import { readAll } from '../../kit/sql/sql-source.ts';
import type { BigQueryClient } from './client.ts';
import type { BigQuerySettings } from './configuration.ts';
import { quoteBigQuery } from './dialect.ts';

/** Each dataset has an information schema of its own: so many are asked with one query. */
const datasetsAtOnce = 100;
const tablesMax = 10_000;

/** Tables and views of all datasets that may be read, with their columns; at most 10,000, by dataset and name. */
export async function introspect(
  session: SqlSession,
  client: BigQueryClient,
  settings: BigQuerySettings,
): Promise<SchemaTable[]> {
  const tables = new Map<string, Draft>();
  for (const datasets of inGroups(await listDatasets(client, settings))) {
    const of = (sql: (dataset: string) => string): string =>
      datasets
        .map((id) => sql([settings.dataProject, id].map(quoteBigQuery).join('.')))
        .join('\nUNION ALL\n');
    const columns = await readAll(await session.query(`${of(columnsSql)}\nORDER BY 1, 2, 6`));
    const keys = await readAll(await session.query(of(keysSql)));
    const primary = new Set(keys.rows.map(([schema, name, column]) => `${schema}\0${name}\0${column}`));
    for (const [schema, name, kind, column, type] of columns.rows) {
      const id = `${schema}\0${name}`;
      const table = tables.get(id) ?? draft(schema, name, kind);
      table.columns.push({
        name: column ?? '',
        nativeType: type ?? 'unknown',
        primaryKey: primary.has(`${id}\0${column}`),
      });
      tables.set(id, table);
    }
    if (tables.size >= tablesMax) break;
  }
  return [...tables.values()].slice(0, tablesMax);
}

interface Draft extends SchemaTable {
  readonly columns: SchemaTable['columns'][number][];
}

const draft = (
  schema: string | null | undefined,
  name: string | null | undefined,
  kind: string | null | undefined,
): Draft => ({
  schema: schema ?? '',
  name: name ?? '',
  kind: /view/i.test(kind ?? '') ? 'view' : 'table',
  columns: [],
});

interface DatasetList {
  readonly datasets?: readonly {
    readonly datasetReference: { readonly datasetId: string };
    readonly location?: string;
  }[];
  readonly nextPageToken?: string;
}

/** A query runs in one location: datasets elsewhere cannot be in the same one. */
async function listDatasets(
  client: BigQueryClient,
  { dataProject, location }: BigQuerySettings,
): Promise<Dataset[]> {
  const found: Dataset[] = [];
  for (let token: string | null = null; ; ) {
    const query = { maxResults: 1_000, ...(token !== null && { pageToken: token }) };
    const page: DatasetList = await client.get('/datasets', query, dataProject);
    for (const { datasetReference, location: place = '' } of page.datasets ?? [])
      found.push({ id: datasetReference.datasetId, location: place });
    if (page.nextPageToken === undefined) break;
    token = page.nextPageToken;
  }
  return found
    .filter((dataset) => location === null || dataset.location.toUpperCase() === location.toUpperCase())
    .sort((a, b) => (a.location + a.id < b.location + b.id ? -1 : 1));
}

interface Dataset {
  readonly id: string;
  readonly location: string;
}

function inGroups(datasets: readonly Dataset[]): string[][] {
  const groups = Object.values(Object.groupBy(datasets, ({ location }) => location));
  return groups.flatMap((group = []) => {
    const ids = group.map(({ id }) => id);
    return Array.from({ length: Math.ceil(ids.length / datasetsAtOnce) }, (_, index) =>
      ids.slice(index * datasetsAtOnce, (index + 1) * datasetsAtOnce),
    );
  });
}

/** https://cloud.google.com/bigquery/docs/information-schema-columns (read 2026-11-22) */
const columnsSql = (dataset: string): string => `
  SELECT t.table_schema, t.table_name, t.table_type, c.column_name, c.data_type, c.ordinal_position
  FROM ${dataset}.INFORMATION_SCHEMA.TABLES AS t
  JOIN ${dataset}.INFORMATION_SCHEMA.COLUMNS AS c USING (table_schema, table_name)`;

/** Nothing enforces them in BigQuery, but they say what was meant. */
const keysSql = (dataset: string): string => `
  SELECT k.table_schema, k.table_name, k.column_name
  FROM ${dataset}.INFORMATION_SCHEMA.KEY_COLUMN_USAGE AS k
  JOIN ${dataset}.INFORMATION_SCHEMA.TABLE_CONSTRAINTS AS p USING (constraint_name, table_schema, table_name)
  WHERE p.constraint_type = 'PRIMARY KEY'`;
