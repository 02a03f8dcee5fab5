import { randomUUID } from 'node:crypto';
import type { Job } from '@google-cloud/bigquery';
import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import type { ConnectContext } from '../../kit/context.ts';
import type { WireCell, WireField } from './cell-reader.ts';
import { answerMs, type BigQueryClient } from './client.ts';
import type { BigQuerySettings } from './configuration.ts';
import { labelValue } from './labels.ts';

/** What BigQuery says of a statement without running it. */
export interface DryRun {
  readonly fields: readonly WireField[];
  /** `SELECT`, `INSERT`, `SCRIPT` … */
  readonly statementType: string;
  readonly bytes: number;
}

/** A part of a result. */
export interface Page {
  readonly fields: readonly WireField[];
  readonly rows: readonly { readonly f: readonly { readonly v: WireCell }[] }[];
  readonly rowsTotal: number;
  /** `null`: it was the last one. */
  readonly next: string | null;
}

const Statistics = z.object({
  statistics: z.object({
    totalBytesProcessed: z.coerce.number().default(0),
    query: z.object({
      statementType: z.string().default(''),
      schema: z.object({ fields: z.custom<WireField[]>().optional() }).optional(),
    }),
  }),
});

interface Results {
  readonly jobComplete?: boolean;
  readonly schema?: { readonly fields?: readonly WireField[] };
  readonly rows?: Page['rows'];
  readonly totalRows?: string;
  readonly pageToken?: string;
}

/** Asks what a statement is, gives and costs. Costs nothing; runs nothing. */
export async function dryRun(client: BigQueryClient, statement: string): Promise<DryRun> {
  const job = await client.call((bigquery) =>
    bigquery.createQueryJob({ query: statement, dryRun: true }).then(([made]) => made),
  );
  const { statistics } = Statistics.parse(job.metadata);
  return {
    fields: statistics.query.schema?.fields ?? [],
    statementType: statistics.query.statementType,
    bytes: statistics.totalBytesProcessed,
  };
}

/** Begins a statement, with texts in the place of `@name`. Its number is ours, so that a repeated request finds the job instead of making another. */
export function startJob(
  client: BigQueryClient,
  statement: string,
  settings: BigQuerySettings,
  { label, timeouts }: ConnectContext,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Job> {
  const jobId = `sluice_${randomUUID()}`;
  const options = {
    query: statement,
    ...(Object.keys(parameters).length > 0 && { params: parameters }),
    jobId,
    labels: { ...settings.labels, sluice: labelValue(label) },
    ...(timeouts.queryMs !== undefined && { jobTimeoutMs: timeouts.queryMs }),
    ...(settings.bytesBilledMax !== null && { maximumBytesBilled: String(settings.bytesBilledMax) }),
  };
  return client.call((bigquery) =>
    bigquery.createQueryJob(options).then(
      ([job]) => job,
      (thrown: { code?: unknown }) => {
        if (thrown.code !== 409) throw thrown;
        return bigquery.job(jobId, settings.location === null ? {} : { location: settings.location });
      },
    ),
  );
}

/** Waits until a job that has no rows to read is done. */
export async function finishJob(client: BigQueryClient, job: Job): Promise<void> {
  for (;;) {
    const { jobComplete } = await client.get<Results>(`/queries/${job.id}`, {
      maxResults: 0,
      timeoutMs: answerMs,
      ...(job.location && { location: job.location }),
    });
    if (jobComplete === true) return;
    if (jobComplete === undefined)
      throw new SluiceError('source_failed', 'BigQuery gave an answer that is no result.');
  }
}

/** Rows of a page. The service ends a page sooner when it reaches about 10 MB. */
const pageRows = 50_000;

/** Waits until the job is done and answers a page of its result. */
export async function readPage(client: BigQueryClient, job: Job, token: string | null): Promise<Page> {
  for (;;) {
    const results = await client.get<Results>(`/queries/${job.id}`, {
      'formatOptions.useInt64Timestamp': true,
      maxResults: pageRows,
      timeoutMs: answerMs,
      ...(job.location && { location: job.location }),
      ...(token !== null && { pageToken: token }),
    });
    if (results.jobComplete === false) continue;
    if (results.jobComplete === undefined || results.totalRows === undefined)
      throw new SluiceError('source_failed', 'BigQuery gave an answer that is no result.');
    return {
      fields: results.schema?.fields ?? [],
      rows: results.rows ?? [],
      rowsTotal: Number(results.totalRows),
      next: results.pageToken ?? null,
    };
  }
}
