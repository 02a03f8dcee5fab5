import { stat } from 'node:fs/promises';
import type { SchemaTable } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { KeyInspection, QueryPreview } from '@sluice/domain/model';
import type { ModelQuery } from '@sluice/domain/query';
import { type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { modelStatement } from '../../kit/model-statement.ts';
import type { SourceConnection, SpooledResult } from '../../kit/source.ts';
import { describeStatement } from './describe-statement.ts';
import { inShopSession, type ShopSession } from './shop-session.ts';
import { shopTables } from './shop-tables.ts';

export const sampleChecks: CheckNames = [{ name: 'read', label: 'Read tables' }];

/** Characters of a cell that are shown. */
const cellLengthMax = 2000;

/** Each method opens the shop's file for itself; the first one ever makes it. */
export function openSampleSource(context: ConnectContext): SourceConnection {
  const quick = { totalMs: context.timeouts.requestMs };
  return {
    check: () => runChecks(sampleChecks, { read: () => readCheck(context) }, context.signal),
    introspect: () => inShopSession(context, quick, introspect),
    describe: (query) =>
      inShopSession(context, quick, async (session) => {
        const { columns } = await describeStatement(session, modelStatement(query));
        return columns;
      }),
    preview: (query, { limit }) => inShopSession(context, quick, (session) => preview(session, query, limit)),
    inspectKey: (query, column) =>
      inShopSession(context, quick, (session) => inspectKey(session, query, column)),
    spool: (query, path, onProgress) =>
      inShopSession(context, { totalMs: null, output: path }, async (session) => {
        const result = await spool(session, query, path);
        onProgress(result.rows);
        return result;
      }),
    close: async () => {},
  };
}

const readCheck = (context: ConnectContext) =>
  inShopSession(context, { totalMs: null }, async ({ rows }) => {
    const [row] = await rows('SELECT count(*) FROM users');
    return { status: 'passed' as const, message: `4 tables can be read; users has ${row?.[0]} rows.` };
  });

async function introspect({ rows }: ShopSession): Promise<SchemaTable[]> {
  const found = await rows(
    `SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'shop' ORDER BY 1, column_index`,
  );
  return shopTables.map((name) => ({
    schema: 'shop',
    name,
    kind: 'table' as const,
    columns: found
      .filter(([table]) => table === name)
      .map(([, column, type]) => ({
        name: column ?? '',
        nativeType: type ?? 'unknown',
        // Meant to be unique, as in a warehouse: nothing enforces it, and among the users it is not true.
        primaryKey: column === 'id',
      })),
  }));
}

async function preview(session: ShopSession, query: ModelQuery, limit: number): Promise<QueryPreview> {
  const startedAt = performance.now();
  const { columns, texts, subquery } = await describeStatement(session, modelStatement(query));
  const cells = texts.map((text) => `left(${text}, ${cellLengthMax})`);
  const rows = await session.rows(`SELECT ${cells.join(', ')} FROM ${subquery} LIMIT ${limit + 1}`);
  return {
    columns,
    rows: rows.slice(0, limit),
    hasMore: rows.length > limit,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

async function inspectKey(session: ShopSession, query: ModelQuery, column: string): Promise<KeyInspection> {
  const { columns, texts, subquery } = await describeStatement(session, modelStatement(query));
  const text = texts[columns.findIndex(({ name }) => name === column)];
  if (text === undefined) {
    throw new SluiceError('model_primary_key_missing', `The query has no column "${column}".`);
  }
  const keys = `WITH key AS MATERIALIZED (
    SELECT nullif(${text}, '') AS value, count(*) AS times FROM ${subquery} GROUP BY 1)`;
  const [row = []] = await session.rows(
    `${keys} SELECT coalesce(sum(times), 0)::VARCHAR,
      coalesce(sum(times) FILTER (WHERE value IS NULL), 0)::VARCHAR,
      coalesce(sum(times) FILTER (WHERE value IS NOT NULL AND times > 1), 0)::VARCHAR,
      (SELECT to_json(list(left(value, 200)))::VARCHAR FROM (SELECT value FROM key
        WHERE value IS NOT NULL AND times > 1 ORDER BY times DESC, value LIMIT 5)) FROM key`,
  );
  const [rows, nulls, duplicates, examples] = row;
  return {
    rows: Number(rows),
    nulls: Number(nulls),
    duplicates: Number(duplicates),
    examples: examples ? (JSON.parse(examples) as string[]) : [],
  };
}

async function spool(session: ShopSession, query: ModelQuery, path: string): Promise<SpooledResult> {
  const { columns, canonical } = await describeStatement(session, modelStatement(query));
  const target = `'${path.replaceAll("'", "''")}'`;
  const [row] = await session.rows(
    `COPY (\n${canonical}\n) TO ${target} (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '', USE_TMP_FILE false)`,
  );
  const { size } = await stat(path);
  return { columns, rows: Number(row?.[0]), bytes: size };
}
