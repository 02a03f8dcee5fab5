import type { RecordResult } from '../../kit/destination.ts';
import type { ApiSession } from '../../kit/http/api-client.ts';
import type { ApiAnswer } from '../../kit/http/api-request.ts';
import { apiPath, jsonText } from '../../kit/http/api-request.ts';
import { RequestFailed } from '../../kit/http/request-failed.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import { dataPath } from './configuration.ts';
import { readColumns } from './csv.ts';

/** A job as Salesforce tells of it. */
export interface JobState {
  readonly id: string;
  /** Open, UploadComplete, InProgress, JobComplete, Failed, Aborted. */
  readonly state: string;
  readonly errorMessage: string;
}

export interface JobOrder {
  readonly object: string;
  readonly operation: 'insert' | 'update' | 'upsert';
  readonly externalIdFieldName: string | null;
}

/** The results of 10,000 rows of 10 MB, with two columns more. */
const answerBytesMax = 32 * 1024 * 1024;
const jobPath = (id: string): string => dataPath + apiPath`/jobs/ingest/${id}`;

/**
 * Opens a job. Nothing is written before it is closed, so a lost answer leaves no doubt: Salesforce drops open jobs after
 * seven days. https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/create_job.htm (2026-11)
 */
export async function createJob(session: ApiSession, order: JobOrder): Promise<string> {
  const { body } = await session.send({
    method: 'POST',
    path: `${dataPath}/jobs/ingest`,
    reads: true,
    body: jsonText(
      JSON.stringify({
        object: order.object,
        operation: order.operation,
        ...(order.externalIdFieldName !== null && { externalIdFieldName: order.externalIdFieldName }),
        contentType: 'CSV',
        lineEnding: 'LF',
        columnDelimiter: 'COMMA',
      }),
    ),
  });
  return String(valueAtPath(body, 'id'));
}

/** Once for each job; nothing is written yet. */
export const uploadCsv = (session: ApiSession, id: string, text: string): Promise<ApiAnswer> =>
  session.send({
    method: 'PUT',
    path: `${jobPath(id)}/batches`,
    body: { type: 'text/csv', text },
    answer: 'nothing',
    reads: true,
  });

/** From here on Salesforce writes. */
export const closeJob = (session: ApiSession, id: string): Promise<ApiAnswer> =>
  session.send({
    method: 'PATCH',
    path: jobPath(id),
    body: jsonText('{"state":"UploadComplete"}'),
  });

/** What is not written yet stays unwritten; what has been has its results. */
export const abortJob = (session: ApiSession, id: string): Promise<ApiAnswer> =>
  session.send({ method: 'PATCH', path: jobPath(id), body: jsonText('{"state":"Aborted"}') });

export async function readJob(session: ApiSession, id: string): Promise<JobState> {
  const { body } = await session.send({ method: 'GET', path: jobPath(id), reads: true });
  return {
    id,
    state: String(valueAtPath(body, 'state')),
    errorMessage: String(valueAtPath(body, 'errorMessage') ?? ''),
  };
}

/** One file of a job's results: the cells of these columns, row by row. */
export async function readResults(
  session: ApiSession,
  id: string,
  file: 'successfulResults' | 'failedResults',
  columns: readonly string[],
): Promise<string[][]> {
  const { text } = await session.send({
    method: 'GET',
    path: `${jobPath(id)}/${file}/`,
    headers: { Accept: 'text/csv' },
    answer: 'text',
    answerBytesMax,
    reads: true,
  });
  return readColumns(text, columns);
}

/** Whether a failure says that nobody knows what became of the request, or that it may be asked again. */
export const isPassing = (thrown: unknown): thrown is RequestFailed =>
  thrown instanceof RequestFailed && thrown.failure.kind === 'rows';

/** The words of such a failure. */
export const wordsOf = ({ failure }: RequestFailed): { code: string; message: string; afterMs?: number } => {
  const result: RecordResult =
    failure.kind === 'rows' ? failure.result : { status: 'uncertain', code: 'unknown', message: '' };
  if (result.status === 'delivered') return { code: 'unknown', message: '' };
  const afterMs = result.status === 'retry' ? result.afterMs : undefined;
  return { code: result.code, message: result.message, ...(afterMs !== undefined && { afterMs }) };
};
