import { isFinal, type RunStatus } from '@sluice/domain/run-status';
import type { StoredPlan } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { type BlobOwner, blobKinds, blobOwner } from './blob-owner.ts';

/** Ledgers before the current one that are kept, so that a run can be understood or taken back. */
const oldLedgersMax = 5;

/** Far more than a sync has ledgers between two sweeps, far less than Postgres takes parameters. */
const groupMax = 10_000;

interface StoredBlob extends BlobOwner {
  readonly key: string;
}

/**
 * Removes files that nothing in Postgres points at: of syncs and runs that are gone or were pruned, of attempts that
 * did not end, and ledgers older than the newest few. Files of runs that are not over are left alone. Answers how many.
 */
export async function removeOrphans(ctx: ServiceContext, signal: AbortSignal): Promise<number> {
  let removed = 0;
  for (const kind of blobKinds) {
    for await (const blobs of bySync(ctx, `${kind}/`)) {
      signal.throwIfAborted();
      const orphans = kind === 'ledgers' ? await orphanLedgers(ctx, blobs) : await orphanFiles(ctx, blobs);
      for (const { key } of orphans) await ctx.blobs.remove(key);
      removed += orphans.length;
    }
  }
  return removed;
}

/** Files in groups of one sync each, of bounded size; a store lists its keys directory by directory. */
async function* bySync(ctx: ServiceContext, prefix: string): AsyncGenerator<StoredBlob[]> {
  let group: StoredBlob[] = [];
  for await (const key of ctx.blobs.list(prefix)) {
    const owner = blobOwner(key);
    if (!owner) continue;
    if (group[0] && (group[0].syncId !== owner.syncId || group.length >= groupMax)) {
      yield group;
      group = [];
    }
    group.push({ ...owner, key });
  }
  if (group.length > 0) yield group;
}

async function orphanFiles(ctx: ServiceContext, blobs: readonly StoredBlob[]): Promise<StoredBlob[]> {
  const runs = await ctx.db.run.findMany({
    where: { id: { in: [...new Set(blobs.map(({ runId }) => runId))] } },
    select: { id: true, status: true, prunedAt: true, plan: true },
  });
  const runById = new Map(runs.map((run) => [run.id, run]));
  return blobs.filter(({ runId, kind, key }) => {
    const run = runById.get(runId);
    if (!run || run.prunedAt) return true;
    if (kind !== 'plans' || !isFinal(run.status as RunStatus)) return false;
    return (run.plan as StoredPlan | null)?.blobKey !== key;
  });
}

async function orphanLedgers(ctx: ServiceContext, blobs: readonly StoredBlob[]): Promise<StoredBlob[]> {
  const syncId = blobs[0]?.syncId ?? 0;
  const sync = await ctx.db.sync.findUnique({ where: { id: syncId }, select: { ledgerKey: true } });
  if (!sync) return [...blobs];
  const open = await ctx.db.run.findMany({
    where: { syncId, id: { in: blobs.map(({ runId }) => runId) }, finishedAt: null },
    select: { id: true },
  });
  const openIds = new Set(open.map(({ id }) => id));
  return blobs
    .filter(({ key, runId }) => key !== sync.ledgerKey && !openIds.has(runId))
    .toSorted((a, b) => b.runId - a.runId)
    .slice(oldLedgersMax);
}
