import { Prisma } from '@sluice/db/generated/client';
import { type ModelQuery, StoredQuery } from '@sluice/domain/query';
import { RunSelection } from '@sluice/domain/run-selection';
import { activeStatuses, type RunStatus } from '@sluice/domain/run-status';
import { type ResyncKind, SyncConfiguration } from '@sluice/domain/sync';
import { LeaseLost } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { resolveQuery } from '../dbt-project/resolve-query.ts';
import type { ClaimedRun } from './claim-runs.ts';
import { FrozenSpecification } from './frozen-specification.ts';
import { configurationOfAsked, pastRunId } from './replayable.ts';
import { resyncOf } from './resync-of.ts';
import { fence, writeFenced } from './run-fence.ts';

export interface FrozenRun {
  readonly status: RunStatus;
  readonly hasPlan: boolean;
  readonly specification: FrozenSpecification;
}

/**
 * The specification of a claimed run: the one frozen by an earlier claim, otherwise the sync and the model as they are
 * now. A resync that is pending on the sync (new primary key) wins over an ordinary run. Throws LeaseLost.
 */
export async function freezeSpecification(ctx: ServiceContext, claim: ClaimedRun): Promise<FrozenRun> {
  const run = await ctx.db.run.findFirst({
    where: { id: claim.id, epoch: claim.epoch, status: { in: [...activeStatuses] } },
    include: { sync: { include: { model: true } } },
  });
  if (!run) throw new LeaseLost();
  const { sync } = run;
  const status = run.status as RunStatus;
  if (run.specification) {
    const specification = FrozenSpecification.parse(run.specification);
    return { status, hasPlan: run.plan !== null, specification };
  }
  // Waits for a decision about rows in doubt that is just replacing the ledger.
  const [ledger] = await ctx.db.$queryRaw<{ key: string | null }[]>`
    select ledger_key as key from syncs where id = ${sync.id} for share`;
  const ledgerKey = ledger?.key ?? null;
  const selection = run.selection === null ? null : RunSelection.parse(run.selection);
  const specification = FrozenSpecification.parse({
    sync: { id: sync.id, slug: sync.slug },
    model: {
      id: sync.model.id,
      name: sync.model.name,
      query: await queryOf(ctx, sync.model, selection),
      primaryKey: sync.model.primaryKey,
    },
    sourceId: sync.model.sourceId,
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
  return { status, hasPlan: false, specification };
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
