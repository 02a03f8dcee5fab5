import { createPublicKey, verify } from 'node:crypto';
import {
  type HttpAnswer,
  type HttpServer,
  type ReceivedRequest,
  startHttpServer,
} from '../../http-server.ts';
import { openVendorSpec } from '../../vendors/vendor-spec.ts';
import { openDuckDatabase } from '../duck-database.ts';
import type { WireField } from './cells.ts';
import {
  BigQueryRefusal,
  type Described,
  describeStatement,
  type Parameter,
  preparations,
  runDescribed,
} from './statements.ts';

/** How the server misbehaves; all of it can be changed while it runs. */
export interface BigQueryFaults {
  /** Answers so many requests with 403 `rateLimitExceeded` first. */
  rateLimited: number;
  /** The same with 503 `backendError`. */
  unavailable: number;
  /** Breaks the connection after so many jobs were made, instead of an answer. */
  loseAnswers: number;
  /** Takes no more jobs: 403 `quotaExceeded`. */
  quota: boolean;
  /** Takes no token that was given before. */
  expireTokens: boolean;
  /** Jobs fail when their second page is asked for. */
  failInTheMiddle: boolean;
  /** Knows no page token any more. */
  forgetPages: boolean;
  /** Breaks the connection in the middle of the second page. */
  cutPages: boolean;
  /** Announces one row more than it gives. */
  loseRows: boolean;
  /** Forbids to run jobs. */
  forbidJobs: boolean;
}

export interface BigQueryServer {
  readonly port: number;
  readonly url: string;
  readonly faults: BigQueryFaults;
  readonly requests: readonly ReceivedRequest[];
  /** What Google's own description objects to: must stay empty. */
  readonly violations: string[];
  /** Configurations of the jobs that were run, in order. */
  readonly jobs: JobConfiguration[];
  /** What a dry run says of every statement. */
  bytes: number;
  /** Statements that run right now. */
  running(): number;
  /** Runs a statement at the DuckDB behind the server. */
  run(sql: string): Promise<(string | null)[][]>;
  close(): Promise<void>;
}

interface JobConfiguration {
  readonly query: {
    readonly query: string;
    readonly maximumBytesBilled?: string;
    readonly queryParameters?: readonly Parameter[];
  };
  readonly labels?: Readonly<Record<string, string>>;
  readonly dryRun?: boolean;
}

interface Job {
  readonly fields: readonly WireField[];
  readonly rows: readonly unknown[];
  state: 'running' | 'done' | 'cancelled';
}

/** How long a request for results of a running job is held back. */
const patienceMs = 200;

/**
 * A server that speaks the REST API of BigQuery (facts: Google's discovery document, 2026-11), with DuckDB behind it. It does
 * not judge BigQuery's SQL, rights or bills. A statement with `system_wait()` runs until it is cancelled. `user` may sign in with the key
 * whose public half is given, or with `token`.
 */
export async function startBigQueryServer(options: {
  readonly project: string;
  readonly user: { readonly email: string; readonly publicKey: string; readonly token: string };
  readonly pageRows?: number;
}): Promise<BigQueryServer> {
  const database = await openDuckDatabase();
  for (const statement of preparations) await database.rows(statement);
  const spec = openVendorSpec('bigquery-discovery');
  const violations: string[] = [];
  const tokens = new Set([options.user.token]);
  const jobs = new Map<string, Job>();
  const configurations: JobConfiguration[] = [];
  const faults: BigQueryFaults = {
    rateLimited: 0,
    unavailable: 0,
    loseAnswers: 0,
    quota: false,
    expireTokens: false,
    failInTheMiddle: false,
    forgetPages: false,
    cutPages: false,
    loseRows: false,
    forbidJobs: false,
  };
  const pageRows = options.pageRows ?? 1_000;
  const base = `/projects/${options.project}`;

  const signIn = (request: ReceivedRequest): HttpAnswer => {
    const assertion = new URLSearchParams(request.body).get('assertion') ?? '';
    if (!validAssertion(assertion, options.user, `${server.url}/token`))
      return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
    const token = `ya29.${tokens.size}-${jobs.size}-${Date.now()}`;
    tokens.add(token);
    return { body: { access_token: token, expires_in: 3_599, token_type: 'Bearer' } };
  };

  const insert = async (request: ReceivedRequest): Promise<HttpAnswer> => {
    const { configuration, jobReference } = request.json<{
      configuration: JobConfiguration;
      jobReference: { jobId: string; location?: string };
    }>();
    const { jobId } = jobReference;
    const reference = { projectId: options.project, jobId, location: jobReference.location ?? 'EU' };
    if (jobs.has(jobId)) throw new BigQueryRefusal(409, 'duplicate', `Already Exists: Job ${jobId}`);
    if (faults.forbidJobs)
      throw new BigQueryRefusal(
        403,
        'accessDenied',
        `Access Denied: User does not have bigquery.jobs.create permission in project ${options.project}.`,
      );
    if (faults.quota)
      throw new BigQueryRefusal(
        403,
        'quotaExceeded',
        'Quota exceeded: Your project exceeded quota for queries.',
      );
    const { query, maximumBytesBilled, queryParameters } = configuration.query;
    const described = await describeStatement(
      database,
      query.replaceAll(/system_wait\(\)/gi, '1'),
      queryParameters,
    );
    const statistics = statisticsOf(described, bigquery.bytes, configuration.dryRun === true);
    const status = { state: configuration.dryRun ? 'DONE' : 'RUNNING' };
    if (configuration.dryRun)
      return { body: { kind: 'bigquery#job', jobReference: reference, status, configuration, statistics } };
    if (maximumBytesBilled !== undefined && Number(maximumBytesBilled) < bigquery.bytes)
      throw new BigQueryRefusal(
        400,
        'bytesBilledLimitExceeded',
        `Query exceeded limit for bytes billed: ${maximumBytesBilled}. ${bigquery.bytes} or higher required.`,
      );
    configurations.push(configuration);
    const waits = /system_wait\(\)/i.test(query);
    const rows = waits ? [] : await runDescribed(database, described);
    const lost = faults.loseAnswers > 0;
    if (lost) faults.loseAnswers -= 1;
    jobs.set(jobId, { fields: described.fields, rows, state: waits ? 'running' : 'done' });
    return {
      ...(lost && { fault: 'reset' as const }),
      body: { kind: 'bigquery#job', jobReference: reference, status, configuration, statistics },
    };
  };

  const results = async (job: Job, jobId: string, query: URLSearchParams): Promise<HttpAnswer> => {
    const reference = { projectId: options.project, jobId, location: 'EU' };
    const running = () => job.state === 'running';
    if (running()) await new Promise((resolve) => setTimeout(resolve, patienceMs));
    if (running()) return { body: { jobComplete: false, jobReference: reference } };
    if (job.state === 'cancelled')
      throw new BigQueryRefusal(499, 'stopped', 'Job execution was cancelled: User requested cancellation');
    const token = query.get('pageToken');
    if (token !== null && faults.forgetPages)
      throw new BigQueryRefusal(400, 'invalid', 'Invalid pageToken: expired');
    if (token !== null && faults.failInTheMiddle)
      throw new BigQueryRefusal(400, 'resourcesExceeded', 'Resources exceeded during query execution.');
    const from = Number(token?.replace('page-', '') ?? 0);
    const to = from + Math.min(pageRows, Number(query.get('maxResults') ?? pageRows));
    return {
      ...(token !== null && faults.cutPages && { fault: 'cut' as const }),
      body: {
        kind: 'bigquery#getQueryResultsResponse',
        jobComplete: true,
        jobReference: reference,
        schema: { fields: job.fields },
        totalRows: String(job.rows.length + (faults.loseRows ? 1 : 0)),
        rows: job.rows.slice(from, to),
        ...(to < job.rows.length && { pageToken: `page-${to}` }),
      },
    };
  };

  const datasets = async (): Promise<HttpAnswer> => {
    const rows = await database.rows(
      "SELECT schema_name FROM duckdb_schemas() WHERE database_name = 'memory' AND NOT internal OR schema_name = 'main' AND database_name = 'memory' ORDER BY 1",
    );
    const listed = rows.map(([datasetId]) => ({
      kind: 'bigquery#dataset',
      id: `${options.project}:${datasetId}`,
      datasetReference: { projectId: options.project, datasetId },
      location: 'EU',
    }));
    return { body: { kind: 'bigquery#datasetList', datasets: listed } };
  };

  const work = async (request: ReceivedRequest, path: string): Promise<HttpAnswer> => {
    const [plain = '', search] = path.split('?');
    if (faults.expireTokens) {
      faults.expireTokens = false;
      tokens.clear();
    }
    if (!tokens.has(request.headers.authorization?.replace(/^Bearer /, '') ?? ''))
      throw new BigQueryRefusal(401, 'authError', 'Request had invalid authentication credentials.');
    if (!plain.startsWith(`${base}/`))
      throw new BigQueryRefusal(403, 'accessDenied', 'Access Denied: this project is not yours.');
    const rest = plain.slice(base.length);
    if (request.method === 'POST' && rest === '/jobs') return insert(request);
    if (request.method === 'GET' && rest === '/datasets') return datasets();
    const [, kind, id = '', verb] = /^\/(queries|jobs)\/([^/]+)(?:\/(cancel))?$/.exec(rest) ?? [];
    const job = jobs.get(decodeURIComponent(id));
    if (!job) throw new BigQueryRefusal(404, 'notFound', `Not found: Job ${options.project}:${id}`);
    if (verb === 'cancel') {
      if (job.state === 'running') job.state = 'cancelled';
      return { body: { kind: 'bigquery#jobCancelResponse', job: { jobReference: { jobId: id } } } };
    }
    if (kind === 'queries') return results(job, id, new URLSearchParams(search));
    return {
      body: {
        jobReference: { projectId: options.project, jobId: id, location: 'EU' },
        status: { state: 'DONE' },
      },
    };
  };

  const server: HttpServer = await startHttpServer(
    async (request) => {
      if (request.path === '/token') return signIn(request);
      const path = request.path.replace(/^\/bigquery\/v2/, '');
      violations.push(...(spec?.judgeRequest(request, path) ?? []));
      if (faults.rateLimited > 0) {
        faults.rateLimited -= 1;
        return refusal(new BigQueryRefusal(403, 'rateLimitExceeded', 'Exceeded rate limits'));
      }
      if (faults.unavailable > 0) {
        faults.unavailable -= 1;
        return refusal(
          new BigQueryRefusal(
            503,
            'backendError',
            'Error encountered during execution. Retrying may solve the problem.',
          ),
        );
      }
      try {
        const answer = await work(request, path);
        violations.push(...(spec?.judgeAnswer(request.method, path, 200, answer.body) ?? []));
        return answer;
      } catch (thrown) {
        if (thrown instanceof BigQueryRefusal) return refusal(thrown);
        throw thrown;
      }
    },
    { tls: true },
  );
  const bigquery: BigQueryServer = {
    port: server.port,
    url: server.url,
    faults,
    requests: server.requests,
    violations,
    jobs: configurations,
    bytes: 1_200_000_000,
    running: () => [...jobs.values()].filter(({ state }) => state === 'running').length,
    run: (sql) => database.rows(sql),
    async close() {
      await server.close();
      database.close();
    },
  };
  return bigquery;
}

function statisticsOf(described: Described, bytes: number, dryRun: boolean): object {
  return {
    totalBytesProcessed: String(bytes),
    query: {
      statementType: described.statementType,
      totalBytesProcessed: String(bytes),
      ...(dryRun && described.statementType === 'SELECT' && { schema: { fields: described.fields } }),
    },
  };
}

/** https://cloud.google.com/bigquery/docs/error-messages (read 2026-11-22) */
const refusal = ({ status, reason, message }: BigQueryRefusal): HttpAnswer => ({
  status,
  body: { error: { code: status, message, errors: [{ message, domain: 'global', reason }], status: reason } },
});

function validAssertion(jwt: string, user: { email: string; publicKey: string }, audience: string): boolean {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const key = createPublicKey(user.publicKey);
  const signed = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    key,
    Buffer.from(signature, 'base64url'),
  );
  if (!signed) return false;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  const alive = Number(claims.exp) > Date.now() / 1_000 && Number(claims.exp) - Number(claims.iat) <= 3_600;
  return (
    alive &&
    claims.iss === user.email &&
    claims.aud === audience &&
    /auth\/bigquery/.test(String(claims.scope))
  );
}
