import { SluiceError } from '@sluice/domain/error';
import { isFinal, type RunStatus } from '@sluice/domain/run-status';
import { ledgerParts } from '@sluice/engine/ledger/ledger-parts';
import { isLedgerKey } from '@sluice/engine/ledger/manifest';
import type { StoredPlan } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { type BlobOwner, blobKinds, blobOwner } from './blob-owner.ts';

/** So many ledgers before the current one are kept at most, however often a sync runs: each may hold all its rows. */
const oldLedgersMax = 20;

const dayMs = 86_400_000;

/** Far more than a sync has ledgers between two sweeps, far less than Postgres takes parameters. */
const groupMax = 10_000;

interface StoredBlob extends BlobOwner {
  readonly key: string;
}

/**
 * Removes files that nothing in Postgres points at: of syncs and runs that are gone or were pruned, of attempts that
 * did not end, and earlier ledgers that are older than their workspace keeps them. Files of runs that are not over are left alone. Answers how many.
 */
export async function removeOrphans(ctx: ServiceContext, signal: AbortSignal): Promise<number> {
  let removed = 0;
  for (const kind of blobKinds) {
    for await (const blobs of bySync(ctx, `${kind}/`)) {
      signal.throwIfAborted();
      removed +=
        kind === 'ledgers'
          ? await removeOldLedgers(ctx, blobs)
          : await removeAll(ctx, await orphanFiles(ctx, blobs));
    }
  }
  return removed;
}

async function removeAll(ctx: ServiceContext, blobs: readonly StoredBlob[]): Promise<number> {
  for (const { key } of blobs) await ctx.blobs.remove(key);
  return blobs.length;
}

/** While the sync is held: a ledger that is written outside of a run becomes the current one before this, or waits. */
async function removeOldLedgers(ctx: ServiceContext, blobs: readonly StoredBlob[]): Promise<number> {
  const holdMs = 60_000;
  return ctx.db.$transaction(
    async (tx) => {
      await tx.$queryRaw`select 1 from syncs where id = ${blobs[0]?.syncId ?? 0} for update`;
      return removeAll(ctx, await orphanLedgers(ctx, blobs));
    },
    { timeout: holdMs },
  );
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

/** The current ledger and those before it that are young enough stay, each with the files that it names; so does what open runs write. */
async function orphanLedgers(ctx: ServiceContext, blobs: readonly StoredBlob[]): Promise<StoredBlob[]> {
  const syncId = blobs[0]?.syncId ?? 0;
  // Before the ledger: a run that ends in between is either open here or named there.
  const runs = await ctx.db.run.findMany({
    where: { syncId, id: { in: [...new Set(blobs.map(({ runId }) => runId))] } },
    select: { id: true, finishedAt: true },
  });
  const sync = await ctx.db.sync.findUnique({
    where: { id: syncId },
    select: { ledgerKey: true, workspace: { select: { ledgerDays: true } } },
  });
  if (!sync) return [...blobs];
  const oldest = new Date(Date.now() - sync.workspace.ledgerDays * dayMs);
  const openIds = new Set(runs.flatMap(({ id, finishedAt }) => (finishedAt ? [] : [id])));
  const youngIds = new Set(
    runs.flatMap(({ id, finishedAt }) => (finishedAt && finishedAt > oldest ? [id] : [])),
  );
  const ended = blobs.filter(({ runId }) => !openIds.has(runId));
  const older = ended
    .filter(({ key, runId }) => isLedgerKey(key) && key !== sync.ledgerKey && youngIds.has(runId))
    .toSorted((a, b) => b.runId - a.runId)
    .slice(0, oldLedgersMax);
  const current = sync.ledgerKey === null ? [] : await partsOf(ctx, sync.ledgerKey);
  // Nobody knows what belongs to it: a run will say so; here nothing of it is touched.
  if (!current) return [];
  const kept = new Set(current);
  for (const { key } of older) for (const part of (await partsOf(ctx, key)) ?? []) kept.add(part);
  return ended.filter(({ key }) => !kept.has(key));
}

/** The blobs of a ledger; `null` when it cannot be read. */
async function partsOf(ctx: ServiceContext, key: string): Promise<string[] | null> {
  try {
    return await ledgerParts(ctx.blobs, key);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'ledger_missing') throw error;
    ctx.log.warn({ err: error, key }, 'a ledger cannot be read');
    return null;
  }
}
