import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { RunView } from '@sluice/domain/run';
import type { ServiceContext } from '../context.ts';
import { syncNotFound, syncScope } from '../sync/sync-scope.ts';
import { runScope } from './run-scope.ts';
import { runSelect, runView } from './run-view.ts';

interface ListSyncRuns {
  readonly syncId: number;
  readonly runId?: number | undefined;
  readonly limit: number;
  readonly offset: number;
  readonly orderBy: 'id' | 'createdAt' | 'startedAt' | 'finishedAt';
  /** Bounds on when the run started. */
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
  /** Minutes back from now in which it started; 0 = no limit. */
  readonly within?: number | undefined;
}

/**
 * Runs of one sync as the REST contract filters and orders them: newest first, the unknown run an empty list. Throws
 * `not_found` for a sync of another workspace.
 */
export async function listSyncRuns(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: ListSyncRuns,
): Promise<{ items: RunView[]; hasMore: boolean }> {
  authorise(actor, 'run.read');
  const sync = await ctx.db.sync.findFirst({
    where: { AND: [{ workspaceId: actor.workspaceId, id: input.syncId }, syncScope(actor)] },
    select: { id: true },
  });
  if (!sync) throw syncNotFound(input.syncId);
  const rows = await ctx.db.run.findMany({
    where: {
      AND: [
        runScope(actor),
        { syncId: input.syncId },
        input.runId === undefined ? {} : { id: input.runId },
        input.after ? { startedAt: { gt: input.after } } : {},
        input.before ? { startedAt: { lt: input.before } } : {},
        input.within ? { startedAt: { gt: new Date(Date.now() - input.within * 60_000) } } : {},
      ],
    },
    orderBy: orderOf(input.orderBy),
    skip: input.offset,
    take: input.limit + 1,
    select: runSelect,
  });
  return { items: rows.slice(0, input.limit).map(runView), hasMore: rows.length > input.limit };
}

/** Throws `not_found` unless the run is one of this sync's, as the address claims. */
export async function assertRunOf(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  { syncId, runId }: { syncId: number; runId: number },
): Promise<void> {
  const run = await ctx.db.run.findFirst({ where: { AND: [runScope(actor), { id: runId, syncId }] } });
  if (!run)
    throw new SluiceError('not_found', `There is no run ${runId} of sync ${syncId} in this workspace.`);
}

/** A run that waits has no times yet and is the newest of all. */
function orderOf(field: ListSyncRuns['orderBy']) {
  if (field === 'id' || field === 'createdAt') return [{ [field]: 'desc' as const }, { id: 'desc' as const }];
  return [{ [field]: { sort: 'desc' as const, nulls: 'first' as const } }, { id: 'desc' as const }];
}
