import type { Actor } from '@sluice/domain/actor';
import type { RunView } from '@sluice/domain/run';
import { activeStatuses, isFinal } from '@sluice/domain/run-status';
import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import { createDestination } from '@sluice/services/destination/create-destination';
import { createModel } from '@sluice/services/model/create-model';
import { getRun } from '@sluice/services/run/get-run';
import { createSource } from '@sluice/services/source/create-source';
import { createSync } from '@sluice/services/sync/create-sync';
import { triggerSync } from '@sluice/services/sync/trigger-sync';
import { createTestMember } from '@sluice/services/testing/create-test-member';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import { startTargetPostgres, type TargetPostgres } from '@sluice/services/testing/start-target-postgres';
import { until } from '@sluice/testing/until';
import { type Collection, type CustomerApi, startCustomerApi } from './customer-api.ts';
import { createPeople, type People } from './people.ts';
import { type PgProxy, startPgProxy } from './pg-proxy.ts';
import { soon } from './soon.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

/** A company with its database and its API, and Sluice between them, each in processes of its own. */
export interface House {
  readonly ctx: TestContext;
  readonly actor: Actor;
  /** The customer's server. */
  readonly customer: TargetPostgres;
  /** Between Sluice and the customer's server, for reading. */
  readonly source: PgProxy;
  /** Between Sluice and the customer's server, for writing. */
  readonly target: PgProxy;
  readonly api: CustomerApi;
  /** Destinations of the customer. */
  readonly destinations: { readonly api: number; readonly database: number };
  /** A sync of its own table to its own place of the API. */
  pipe(options?: PipeOptions): Promise<Pipe>;
  model(sql: string): Promise<number>;
  sync(options: {
    modelId: number;
    destinationId: number;
    configuration: SyncConfigurationInput;
  }): Promise<number>;
  /** Starts one more worker; the house ends it. */
  worker(options?: WorkerOptions): Promise<WorkerProcess>;
  /** The only worker there is: one that lives already, or a new one. */
  onlyWorker(): Promise<WorkerProcess>;
  /** Resolves when the worker is dead; throws when the run ends and the worker lives on. */
  killedAt(runId: number, victim: WorkerProcess): Promise<void>;
  /** The living worker that owns the run; waits while there is none. */
  ownerOf(runId: number): Promise<WorkerProcess>;
  trigger(syncId: number, options?: { ignoreGuards?: boolean }): Promise<number>;
  ended(runId: number, timeoutMs?: number): Promise<RunView>;
  /** Nothing is broken any more, and nothing goes on. Workers that live stay; `false` ends them as well. */
  reset(keepWorkers?: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface PipeOptions {
  readonly rows?: number;
  readonly batchRows?: number;
  readonly concurrency?: number;
  /** A destination of its own, so that a pause that it asks for holds nobody else up. */
  readonly alone?: boolean;
  readonly options?: Record<string, unknown>;
}

export interface WorkerOptions {
  readonly environment?: Record<string, string>;
  readonly wrap?: readonly string[];
}

/** A sync with both of its ends. */
export interface Pipe {
  readonly syncId: number;
  readonly people: People;
  readonly collection: Collection;
  readonly batchRows: number;
  readonly concurrency: number;
}

/** Short, so that a takeover takes a few seconds; long enough for a busy machine to renew. */
export const leaseMs = 1_500;
export const requestMs = 1_500;

let number = 0;

/** Opens the house without a worker. `environment` is for all processes of Sluice. */
export async function openHouse(options: { environment?: Record<string, string> } = {}): Promise<House> {
  const [customer, api] = await Promise.all([startTargetPostgres(), startCustomerApi()]);
  const server = { host: '127.0.0.1', port: Number(customer.configuration.port) };
  const [source, target] = await Promise.all([startPgProxy(server), startPgProxy(server)]);
  const ctx = await openTestContext({
    EGRESS_ALLOW: [api.hostPort, ...[source, target].map(({ host, port }) => `${host}:${port}`)].join(),
    LEASE_MS: String(leaseMs),
    REQUEST_TIMEOUT_MS: String(requestMs),
    RETRY_BASE_MS: '10',
    DATABASE_POOL_MAX: '5',
    ...options.environment,
  });
  const { actor } = await createTestMember(ctx, 'acme', 'admin');
  const through = ({ host, port }: PgProxy) => ({
    type: 'postgresql',
    configuration: { ...customer.configuration, host, port },
  });
  const { id: sourceId } = await createSource(ctx, actor, { name: 'Warehouse', ...through(source) });
  const database = await createDestination(ctx, actor, { name: 'CRM', ...through(target) });
  const http = await createDestination(ctx, actor, apiDestination(api));
  const signal = () => ({ signal: AbortSignal.timeout(30_000) });
  const workers: WorkerProcess[] = [];

  const house: House = {
    ctx,
    actor,
    customer,
    source,
    target,
    api,
    destinations: { api: http.id, database: database.id },
    async pipe({ rows = 100, batchRows = 10, concurrency = 2, alone = false, options: more } = {}) {
      number += 1;
      const people = await createPeople(customer, rows);
      const collection = api.collection(`people-${number}`);
      const modelId = await house.model(`select id, version, name from ${people.table}`);
      const destinationId = alone ? (await createDestination(ctx, actor, apiDestination(api))).id : http.id;
      const configuration = toCollection(collection, { batchRows, concurrency, more });
      const syncId = await house.sync({ modelId, destinationId, configuration });
      return { syncId, people, collection, batchRows, concurrency };
    },
    async model(sql) {
      number += 1;
      const query = { queryType: 'raw_sql' as const, sql };
      const input = { name: `Model ${number}`, description: '', sourceId, query, primaryKey: 'id', tags: {} };
      return (await createModel(ctx, actor, { ...input, skipColumnQuery: false }, signal())).id;
    },
    async sync(input) {
      const configuration = SyncConfiguration.parse(input.configuration);
      const defaults = { schedule: null, disabled: false, tags: {} };
      return (await createSync(ctx, actor, { ...defaults, ...input, configuration }, signal())).id;
    },
    async worker({ environment = {}, wrap = [] } = {}) {
      const worker = await startWorkerProcess(
        {
          ...textOf(ctx.environment),
          WORKER_RUNS_MAX: '16',
          WORKSPACE_RUNS_MAX: '64',
          DESTINATION_RUNS_MAX: '64',
          ...environment,
        },
        { wrap },
      );
      workers.push(worker);
      return worker;
    },
    async onlyWorker() {
      const [kept, ...others] = workers.filter(({ alive }) => alive);
      await Promise.all(others.map((worker) => worker.close()));
      return kept ?? house.worker();
    },
    async killedAt(runId, victim) {
      await Promise.race([victim.exit, house.ended(runId)]);
      await soon('the kill; the run never came to this point', () => !victim.alive);
    },
    ownerOf: (runId) =>
      soon('an owner', async () => {
        const { owner } = await ctx.db.run.findUniqueOrThrow({ where: { id: runId } });
        return workers.find(({ pid, alive }) => alive && owner?.includes(`:${pid}:`));
      }),
    trigger: async (syncId, { ignoreGuards = false } = {}) =>
      (await triggerSync(ctx, actor, { id: syncId, resync: 'none', ignoreGuards })).id,
    ended: (runId, timeoutMs = 180_000) =>
      until(
        `the end of run ${runId}`,
        async () => {
          const run = await getRun(ctx, actor, { id: runId });
          return isFinal(run.status) ? run : null;
        },
        timeoutMs,
      ),
    async reset(keepWorkers = true) {
      const [kept, ended] = [true, false].map((keep) =>
        workers.filter(({ alive }) => (alive && keepWorkers) === keep),
      );
      await Promise.all((ended ?? []).map((worker) => worker.close()));
      workers.splice(0, workers.length, ...(kept ?? []));
      for (const { database } of workers) database.inspect({});
      for (const proxy of [source, target]) {
        proxy.inspect({});
        proxy.inspectRows(null);
        proxy.accept(true);
      }
      await ctx.db.run.updateMany({
        where: { status: { in: [...activeStatuses, 'queued'] } },
        data: { status: 'failed', owner: null, leaseUntil: null, finishedAt: new Date() },
      });
    },
    async close() {
      await house.reset(false);
      await Promise.all([source.close(), target.close(), api.close()]);
      await Promise.all([ctx.close(), customer.stop()]);
    },
  };
  return house;
}

const apiDestination = (api: CustomerApi) => ({
  name: `API ${++number}`,
  type: 'http-request',
  configuration: { baseUrl: api.url, headers: [] },
});

function toCollection(
  { path }: Collection,
  {
    batchRows,
    concurrency,
    more = {},
  }: { batchRows: number; concurrency: number; more?: Record<string, unknown> },
): SyncConfigurationInput {
  const upsert = { method: 'POST', url: `${path}/upsert` };
  return {
    object: 'request',
    mode: 'trigger',
    guards: { removedShareMax: null, changedRowsMax: null },
    options: {
      added: upsert,
      changed: upsert,
      removed: { method: 'POST', url: `${path}/remove` },
      batchSize: batchRows,
      concurrency,
      rowResults: {
        path: 'results',
        by: 'key',
        keyField: 'id',
        statusField: 'status',
        failedValues: ['failed'],
        messageField: 'message',
      },
      ...more,
    },
  };
}

function textOf(environment: TestContext['environment']): Record<string, string> {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
}
