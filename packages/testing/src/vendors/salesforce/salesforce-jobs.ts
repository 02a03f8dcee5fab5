import type { HttpAnswer, ReceivedRequest } from '../../http-server.ts';
import {
  objectNamed,
  type RowAnswer,
  type SalesforceRecords,
  unknownField,
  writeRecord,
} from './salesforce-records.ts';

export interface FakeJob {
  readonly id: string;
  readonly object: string;
  readonly operation: 'insert' | 'update' | 'upsert';
  readonly key: string | null;
  state: string;
  errorMessage: string | null;
  csv: string;
  successful: string[];
  failed: string[];
  /** How many more times it is asked for before it has ended. */
  looks: number;
}

export interface SalesforceJobs {
  readonly jobs: Map<string, FakeJob>;
  /** Times that a closed job is looked at before it has ended; `Infinity` = it never ends. */
  looks: number;
  /** Why the next job fails as a whole. */
  jobFailure: string | null;
  /** Rows that a failing or aborted job writes before it ends. */
  writtenBefore: number;
}

type State = SalesforceRecords & SalesforceJobs;
const problem = (status: number, errorCode: string, message: string): HttpAnswer => ({
  status,
  body: [{ errorCode, message }],
});

/** Bulk API 2.0: `below` is the path under `/jobs/ingest`. */
export function handleJobs(request: ReceivedRequest, below: string, state: State): HttpAnswer {
  if (below === '' && request.method === 'POST') return create(request, state);
  const [, id = '', rest = ''] = /^\/([^/]+)(?:\/(.*?))?\/?$/.exec(below) ?? [];
  const job = state.jobs.get(id);
  if (!job) return problem(404, 'NOT_FOUND', 'The requested resource does not exist');
  if (rest === 'batches' && request.method === 'PUT') {
    if (job.state !== 'Open' || job.csv !== '')
      return problem(400, 'INVALIDJOBSTATE', 'Only one upload for each job');
    job.csv = request.body;
    return { status: 201 };
  }
  if (rest === 'successfulResults') return csv('"sf__Id","sf__Created"', job, job.successful);
  if (rest === 'failedResults') return csv('"sf__Id","sf__Error"', job, job.failed);
  if (request.method === 'PATCH') return change(request, job, state);
  if (job.state === 'InProgress' && --job.looks <= 0) end(job, state);
  return { body: view(job) };
}

function create(request: ReceivedRequest, state: State): HttpAnswer {
  const asked = request.json<Record<string, string>>();
  if (!objectNamed(asked.object ?? '')) return problem(400, 'INVALIDENTITY', 'no such object');
  if (asked.operation === 'upsert' && !asked.externalIdFieldName)
    return problem(400, 'INVALIDJOB', 'externalIdFieldName is required for upsert');
  const id = `750${String(state.nextId++).padStart(12, '0')}AAA`;
  state.jobs.set(id, {
    id,
    object: asked.object ?? '',
    operation: asked.operation as FakeJob['operation'],
    key: asked.externalIdFieldName ?? null,
    state: 'Open',
    errorMessage: null,
    csv: '',
    successful: [],
    failed: [],
    looks: state.looks,
  });
  return { body: view(state.jobs.get(id) as FakeJob) };
}

function change(request: ReceivedRequest, job: FakeJob, state: State): HttpAnswer {
  const wanted = request.json<{ state: string }>().state;
  if (wanted === 'Aborted') {
    if (job.state === 'JobComplete') return problem(400, 'INVALIDJOBSTATE', 'Job is completed');
    if (job.state === 'InProgress') writeRows(job, state, state.writtenBefore);
    job.state = 'Aborted';
    return { body: view(job) };
  }
  if (job.state !== 'Open') return problem(400, 'INVALIDJOBSTATE', 'Job is closed already');
  job.state = 'InProgress';
  return { body: { ...(view(job) as object), state: 'UploadComplete' } };
}

function end(job: FakeJob, state: State): void {
  if (state.jobFailure !== null) {
    writeRows(job, state, state.writtenBefore);
    job.errorMessage = state.jobFailure;
    job.state = 'Failed';
    return;
  }
  const object = objectNamed(job.object);
  const unknown = object && unknownField(object, readCsv(job.csv)[0] ?? []);
  if (unknown !== undefined) {
    job.errorMessage = `InvalidBatch : Field name not found : ${unknown}`;
    job.state = 'Failed';
    return;
  }
  writeRows(job, state, Number.POSITIVE_INFINITY);
  job.state = 'JobComplete';
}

function writeRows(job: FakeJob, state: State, most: number): void {
  const object = objectNamed(job.object);
  const [header = [], ...rows] = readCsv(job.csv);
  if (!object) return;
  // Salesforce works in batches at once, so its files are in no order.
  const shuffled = rows
    .map((row, index) => ({ row, at: (index * 7919) % rows.length }))
    .sort((a, b) => a.at - b.at);
  for (const { row } of shuffled.slice(0, most)) {
    const values: Record<string, unknown> = {};
    header.forEach((name, index) => {
      const cell = row[index] ?? '';
      if (cell !== '') values[name] = cell === '#N/A' ? null : cell;
    });
    const answer: RowAnswer = writeRecord(state, object, job.operation, values, job.key);
    const echo = row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
    if (answer.success) job.successful.push(`"${answer.id}","${answer.created}",${echo}`);
    else {
      const [error] = answer.errors;
      const said = `${error?.statusCode}:${error?.message}:${error?.fields.join(' ')} --`;
      job.failed.push(`"","${said.replaceAll('"', '""')}",${echo}`);
    }
  }
}

const csv = (head: string, job: FakeJob, lines: readonly string[]): HttpAnswer => ({
  headers: { 'content-type': 'text/csv' },
  body: `${head},${(readCsv(job.csv)[0] ?? []).map((name) => `"${name}"`).join(',')}\n${lines.map((line) => `${line}\n`).join('')}`,
});

const view = ({ id, object, operation, state, errorMessage }: FakeJob): unknown => ({
  id,
  object,
  operation,
  state,
  contentType: 'CSV',
  apiVersion: 64,
  jobType: 'V2Ingest',
  ...(errorMessage !== null && { errorMessage }),
});

/** One character after the other, unlike the product's reader. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = (): void => {
    row.push(cell);
    cell = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const one = text.charAt(at);
    if (quoted) {
      if (one !== '"') cell += one;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (one === '"') quoted = true;
    else if (one === ',') endCell();
    else if (one === '\n') {
      endCell();
      rows.push(row);
      row = [];
    } else cell += one;
  }
  if (cell !== '' || row.length > 0) {
    endCell();
    rows.push(row);
  }
  return rows;
}
