import type { Actor } from '@sluice/domain/actor';
import type { RunView } from '@sluice/domain/run';
import { activeStatuses, isFinal } from '@sluice/domain/run-status';
import {
  type AskedResync,
  SyncConfiguration,
  type SyncConfigurationInput,
  type SyncView,
} from '@sluice/domain/sync';
import { type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { until } from '@sluice/testing/until';
import { createDestination } from '../destination/create-destination.ts';
import { createModel } from '../model/create-model.ts';
import { getRun } from '../run/get-run.ts';
import { type RunExecutor, type RunExecutorOptions, startRunExecutor } from '../run/start-run-executor.ts';
import { createSource } from '../source/create-source.ts';
import { createSync } from '../sync/create-sync.ts';
import { triggerSync } from '../sync/trigger-sync.ts';
import { createTestMember } from './create-test-member.ts';
import { openTestContext, type TestContext } from './open-test-context.ts';
import { startTargetPostgres, type TargetPostgres } from './start-target-postgres.ts';

/** A customer: one database that is both source and destination, an HTTP API, and Sluice with a worker between them. */
export interface TestWorld {
  readonly ctx: TestContext;
  readonly actor: Actor;
  readonly target: TargetPostgres;
  readonly server: HttpServer;
  readonly sourceId: number;
  /** Destinations of the customer, by type. */
  readonly destinations: { readonly postgresql: number; readonly http: number };
  model(options: { sql: string; primaryKey?: string; sourceId?: number }): Promise<number>;
  sync(options: {
    modelId: number;
    /** One of the customer's, or the id of another one. */
    to: 'postgresql' | 'http' | number;
    configuration: SyncConfigurationInput;
  }): Promise<SyncView>;
  /** Triggers the sync and waits for the end of its run. */
  run(syncId: number, options?: { resync?: AskedResync; ignoreGuards?: boolean }): Promise<RunView>;
  trigger(syncId: number, options?: { resync?: AskedResync; ignoreGuards?: boolean }): Promise<RunView>;
  ended(runId: number, timeoutMs?: number): Promise<RunView>;
  /** Starts one more worker; the world stops it. */
  worker(options?: Partial<RunExecutorOptions>): RunExecutor;
  close(): Promise<void>;
}

let number = 0;

/** Opens the world with one worker, unless `workers` is 0. `allow`: what else its connections may reach. */
export async function openTestWorld(
  options: { environment?: Record<string, string>; workers?: number; allow?: readonly string[] } = {},
): Promise<TestWorld> {
  const [target, server] = await Promise.all([startTargetPostgres(), startHttpServer()]);
  const ctx = await openTestContext({
    EGRESS_ALLOW: [target.hostPort, `${server.host}:${server.port}`, ...(options.allow ?? [])].join(','),
    LEASE_MS: '2000',
    REQUEST_TIMEOUT_MS: '2000',
    RETRY_BASE_MS: '10',
    DATABASE_POOL_MAX: '10',
    ...options.environment,
  });
  const { actor } = await createTestMember(ctx, 'acme', 'admin');
  const connection = { type: 'postgresql', configuration: target.configuration };
  const source = await createSource(ctx, actor, { name: 'Warehouse', ...connection });
  const postgresql = await createDestination(ctx, actor, { name: 'CRM', ...connection });
  const http = await createDestination(ctx, actor, {
    name: 'API',
    type: 'http-request',
    configuration: { baseUrl: server.url, headers: [] },
  });
  const executors: RunExecutor[] = [];
  // The first question to the sample writes its rows, which takes a busy machine more than half a minute.
  const signal = () => ({ signal: AbortSignal.timeout(100_000) });

  const world: TestWorld = {
    ctx,
    actor,
    target,
    server,
    sourceId: source.id,
    destinations: { postgresql: postgresql.id, http: http.id },
    async model({ sql, primaryKey = 'id', sourceId = source.id }) {
      number += 1;
      const query = { queryType: 'raw_sql' as const, sql };
      const input = { name: `Model ${number}`, description: '', sourceId, query, primaryKey };
      const model = await createModel(ctx, actor, { ...input, tags: {}, skipColumnQuery: false }, signal());
      return model.id;
    },
    sync({ modelId, to, configuration }) {
      const input = {
        modelId,
        destinationId: typeof to === 'number' ? to : world.destinations[to],
        schedule: null,
        disabled: false,
        tags: {},
      };
      return createSync(
        ctx,
        actor,
        { ...input, configuration: SyncConfiguration.parse(configuration) },
        signal(),
      );
    },
    trigger: (syncId, { resync = 'none', ignoreGuards = false } = {}) =>
      triggerSync(ctx, actor, { id: syncId, resync, ignoreGuards }),
    async run(syncId, input) {
      return world.ended((await world.trigger(syncId, input)).id);
    },
    ended: (runId, timeoutMs = 20_000) =>
      until(
        `the end of run ${runId}`,
        async () => {
          const run = await getRun(ctx, actor, { id: runId });
          return isFinal(run.status) ? run : null;
        },
        timeoutMs,
      ),
    worker(given = {}) {
      const executor = startRunExecutor(ctx, { slots: 4, perWorkspaceMax: 4, lookMs: 100, ...given });
      executors.push(executor);
      return executor;
    },
    async close() {
      await Promise.all(executors.map((executor) => executor.stop({ withinMs: 5_000 })));
      await Promise.all([ctx.close(), server.close(), target.stop()]);
    },
  };
  for (let index = 0; index < (options.workers ?? 1); index += 1) world.worker();
  return world;
}

export const isActive = (run: RunView): boolean => activeStatuses.some((status) => status === run.status);
