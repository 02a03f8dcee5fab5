import { type Actor, authorise } from '@sluice/domain/actor';
import { audit } from '../audit/record-audit.ts';
import { lockRow } from '../connection/lock-row.ts';
import { inUse } from '../connection/remove-connection.ts';
import type { ServiceContext } from '../context.ts';
import { askToTidyPlanner } from '../source/tidy-planner.ts';
import { getSyncRow } from './get-sync.ts';
import { syncNotFound } from './sync-scope.ts';

/**
 * Removes a sync with its runs, and has their files removed afterwards. A run that goes on loses its lease and sends
 * nothing more; what was delivered stays at the destination. Throws `not_found`, and `in_use` naming the sequences that
 * it is a step of.
 */
export async function removeSync(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<void> {
  authorise(actor, 'sync.write');
  const { workspaceId } = actor;
  const { slug, id, modelId } = await getSyncRow(ctx, actor, input.id);
  await ctx.db.$transaction(async (tx) => {
    await lockRow(tx, 'syncs', workspaceId, id);
    const steps = await tx.sequenceStep.findMany({
      where: { workspaceId, syncId: id },
      distinct: ['sequenceId'],
      select: { sequence: { select: { name: true } } },
    });
    if (steps.length > 0) {
      throw inUse(
        slug,
        steps.map(({ sequence }) => `the sequence "${sequence.name}"`),
      );
    }
    const { count } = await tx.sync.deleteMany({ where: { workspaceId, id } });
    if (count === 0) throw syncNotFound(id);
    await audit(tx, actor, {
      action: 'sync.remove',
      subjectType: 'sync',
      subjectId: id,
      subjectName: slug,
    });
  }, removal);
  const source = await ctx.db.source.findFirst({
    where: { workspaceId, models: { some: { id: modelId } }, plannerTables: true },
    select: { id: true },
  });
  if (source) await askToTidyPlanner(ctx, { workspaceId, sourceId: source.id });
  try {
    await ctx.jobs.enqueue('sync.purge', { workspaceId, syncId: id });
  } catch (err) {
    // The sync is gone; the hourly sweep removes files that nothing points at.
    ctx.log.warn(
      { err, syncId: id, requestId: actor.requestId },
      'files of a removed sync wait for the sweep',
    );
  }
}

/** Years of runs go with the sync. */
const removal = { timeout: 120_000 };
