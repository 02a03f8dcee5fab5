import type { Job } from '@google-cloud/bigquery';
import { SluiceError } from '@sluice/domain/error';
import { throwIfAborted } from '../../../kit/aborted.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import { plannerSchema } from '../../../kit/planner.ts';
import { jsonRows, jsonRowsAtOnce } from '../../../kit/sql/planner/json-rows.ts';
import type { PlannerWriter } from '../../../kit/sql/planner/planner-engine.ts';
import { readAll } from '../../../kit/sql/sql-source.ts';
import type { BigQueryClient } from '../client.ts';
import type { BigQuerySettings } from '../configuration.ts';
import { quoteBigQuery } from '../dialect.ts';
import { finishJob, startJob } from '../job.ts';
import { openBigQuerySession } from '../open-session.ts';

/**
 * Jobs for the planner's own tables. Each counts at once, and a table is replaced by a single one
 * (https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language, read 2026-11-22).
 */
export function openBigQueryWriter(
  client: BigQueryClient,
  settings: BigQuerySettings,
  context: ConnectContext,
): PlannerWriter {
  const reader = openBigQuerySession(client, settings, context);
  let running: Job | null = null;
  const run = async (statement: string, parameters: Readonly<Record<string, string>> = {}): Promise<void> => {
    throwIfAborted(context.signal);
    running = await startJob(client, statement, settings, context, parameters);
    await finishJob(client, running);
    running = null;
  };
  const cancel = async (): Promise<void> => {
    const job = running;
    running = null;
    await job?.cancel().catch(() => {});
    await reader.cancel();
  };
  const dataset = [settings.project, plannerSchema].map(quoteBigQuery).join('.');
  const rows = async (query: string) => (await readAll(await reader.query(query))).rows;
  return {
    rows,
    async tables() {
      try {
        return (await rows(`SELECT table_name FROM ${dataset}.INFORMATION_SCHEMA.TABLES`)).map(
          ([name]) => name ?? '',
        );
      } catch (thrown) {
        if (thrown instanceof SluiceError && thrown.details?.reason === 'notFound') return null;
        throw thrown;
      }
    },
    rowsAtOnce: jsonRowsAtOnce,
    create: (table, columns) =>
      run(`CREATE TABLE ${table} (${columns.map((name) => `${name} STRING`).join(', ')})`),
    async append(table, columns, block) {
      const cells = columns.map((name) => `JSON_VALUE(s_row, '$.${name}')`).join(', ');
      const statement = `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${cells} FROM UNNEST(JSON_QUERY_ARRAY(@rows)) AS s_row`;
      for (const text of jsonRows(columns, block)) await run(statement, { rows: text });
    },
    publish: (table, query) => run(`CREATE OR REPLACE TABLE ${table} AS ${query}`),
    drop: (table) => run(`DROP TABLE IF EXISTS ${table}`),
    cancel,
    end: cancel,
  };
}
