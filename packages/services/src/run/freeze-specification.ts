import { Prisma } from '@sluice/db/generated/client';
import { activeStatuses, type RunStatus } from '@sluice/domain/run-status';
import { LeaseLost } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import type { ClaimedRun } from './claim-runs.ts';
import { FrozenSpecification } from './frozen-specification.ts';
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
  const specification = FrozenSpecification.parse({
    sync: { id: sync.id, slug: sync.slug },
    model: {
      id: sync.model.id,
      name: sync.model.name,
      query: sync.model.query,
      primaryKey: sync.model.primaryKey,
    },
    sourceId: sync.model.sourceId,
    destinationId: sync.destinationId,
    configuration: sync.configuration,
    resync: run.resync === 'none' ? sync.pendingResync : run.resync,
    ignoreGuards: run.ignoreGuards,
    startedAt: run.startedAt ?? new Date(),
    ledgerKey: sync.ledgerKey,
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
