import { type Model, Prisma, type Sync } from '@sluice/db/generated/client';
import { type ModelQuery, StoredQuery } from '@sluice/domain/query';
import { RunSelection } from '@sluice/domain/run-selection';
import { activeStatuses, type RunStatus } from '@sluice/domain/run-status';
import { type ResyncKind, SyncConfiguration } from '@sluice/domain/sync';
import { LeaseLost, type StoredPlan } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { resolveQuery } from '../dbt-project/resolve-query.ts';
import type { ClaimedRun } from './claim-runs.ts';
import { FrozenSpecification } from './frozen-specification.ts';
import { configurationOfAsked, pastRunId } from './replayable.ts';
import { resyncOf } from './resync-of.ts';
import { fence, writeFenced } from './run-fence.ts';

export interface FrozenRun {
  readonly status: RunStatus;
  /** Of an earlier attempt. */
  readonly plan: StoredPlan | null;
  readonly specification: FrozenSpecification;
}

/**
 * The specification of a claimed run: the one frozen by an earlier claim, otherwise the sync and the model as they are
 * now. A resync that is pending on the sync (new primary key) wins over an ordinary run. Throws LeaseLost.
 */
export async function freezeSpecification(ctx: ServiceContext, claim: ClaimedRun): Promise<FrozenRun> {
  const run = await readClaimed(ctx, claim);
  const { status, sync, model } = run;
  if (run.specification) {
    return { status, plan: run.plan, specification: FrozenSpecification.parse(run.specification) };
  }
  const { ledgerKey } = sync;
  const selection = run.selection === null ? null : RunSelection.parse(run.selection);
  const specification = FrozenSpecification.parse({
    sync: { id: sync.id, slug: sync.slug },
    model: {
      id: model.id,
      name: model.name,
      query: await queryOf(ctx, model, selection),
      primaryKey: model.primaryKey,
    },
    sourceId: model.sourceId,
    destinationId: sync.destinationId,
    configuration: selection
      ? await configurationOfAsked(ctx.db, run.kind, selection, sync)
      : sync.configuration,
    resync: selection
      ? run.resync
      : resyncOf(
          run.resync as ResyncKind,
          sync.pendingResync as ResyncKind,
          SyncConfiguration.parse(sync.configuration),
          ledgerKey,
        ),
    selection,
    syncUpdatedAt: sync.updatedAt.toISOString(),
    ignoreGuards: run.ignoreGuards,
    startedAt: run.startedAt ?? new Date(),
    ledgerKey,
  });
  await writeFenced(
    ctx,
    Prisma.sql`with ${fence(claim)}, frozen as (
      update runs set specification = ${JSON.stringify(specification)}::jsonb, resync = ${specification.resync}
      from fence where runs.id = fence.id
    ) select count(*)::int as held from fence`,
  );
  return { status, plan: null, specification };
}

interface ClaimedRow {
  readonly status: RunStatus;
  readonly kind: string;
  readonly specification: unknown;
  readonly plan: StoredPlan | null;
  readonly selection: unknown;
  readonly resync: string;
  readonly ignoreGuards: boolean;
  readonly startedAt: Date | null;
}
type SyncRow = Pick<
  Sync,
  | 'id'
  | 'workspaceId'
  | 'slug'
  | 'destinationId'
  | 'configuration'
  | 'pendingResync'
  | 'updatedAt'
  | 'ledgerKey'
>;
type ModelRow = Pick<Model, 'sourceId' | 'primaryKey' | 'query'>;

/**
 * The run with its sync and model, in one question. Waits for a decision about rows in doubt that is just replacing the
 * ledger. Throws LeaseLost.
 */
async function readClaimed(ctx: ServiceContext, { id, epoch }: ClaimedRun) {
  const [row] = await ctx.db.$queryRaw<
    (ClaimedRow & SyncRow & ModelRow & { modelId: number; modelName: string; workspaceId: number })[]
  >`
    select runs.status, kind, specification, plan, selection, resync, ignore_guards as "ignoreGuards",
      started_at as "startedAt",
      syncs.id, syncs.workspace_id as "workspaceId", syncs.slug, destination_id as "destinationId", configuration,
      pending_resync as "pendingResync", syncs.updated_at as "updatedAt", ledger_key as "ledgerKey",
      models.id as "modelId", models.name as "modelName", source_id as "sourceId", primary_key as "primaryKey", query
    from runs join syncs on syncs.id = runs.sync_id join models on models.id = syncs.model_id
    where runs.id = ${id} and epoch = ${epoch} and runs.status = any(${[...activeStatuses]})
    for share of syncs`;
  if (!row) throw new LeaseLost();
  const { modelId, modelName, sourceId, primaryKey, query, workspaceId } = row;
  const { id: syncId, slug, destinationId, configuration, pendingResync, updatedAt, ledgerKey } = row;
  return {
    ...row,
    model: { id: modelId, name: modelName, workspaceId, sourceId, primaryKey, query },
    sync: {
      ...{ id: syncId, workspaceId, slug, destinationId },
      ...{ configuration, pendingResync, updatedAt, ledgerKey },
    },
  };
}

/**
 * What the run reads. A node of dbt becomes SQL here, once, whatever is pushed while the run goes on. Rows of a past run
 * are sent as they were planned then: they can be, and be taken back, also when their dbt model has gone since.
 */
async function queryOf(
  ctx: ServiceContext,
  model: { workspaceId: number; sourceId: number; query: unknown },
  selection: RunSelection | null,
): Promise<ModelQuery> {
  const query = StoredQuery.parse(model.query);
  const pastId = selection && pastRunId(selection);
  if (query.queryType !== 'dbt' || pastId === null) return resolveQuery(ctx.db, model, query);
  const past = await ctx.db.run.findFirst({
    where: { id: pastId, workspaceId: model.workspaceId },
    select: { specification: true },
  });
  if (!past?.specification) return resolveQuery(ctx.db, model, query);
  return FrozenSpecification.parse(past.specification).model.query;
}
