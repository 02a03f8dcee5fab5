import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { DecideDoubts } from '@sluice/domain/doubt';
import { SluiceError } from '@sluice/domain/error';
import type { RunView } from '@sluice/domain/run';
import { activeStatuses } from '@sluice/domain/run-status';
import { acceptDoubts } from '@sluice/engine/ledger/accept-doubts';
import { ledgerParts } from '@sluice/engine/ledger/ledger-parts';
import type { StoredLedger } from '@sluice/engine/ports';
import type { z } from 'zod';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { queueAskedRun } from '../run/queue-asked-run.ts';
import { getSyncRow } from './get-sync.ts';
import type { SyncRow } from './sync-view.ts';

/**
 * Takes a person's word on rows in doubt. `arrived`: the ledger counts them as delivered at once, and the next run sends
 * a row only if it has changed since. `send_again`: a run sends the same values once more. Answers that run, or how many
 * rows were taken for arrived. Throws `not_found`, `conflict` while a run goes on.
 */
export async function decideDoubts(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof DecideDoubts>,
): Promise<{ run: RunView | null; arrived: number }> {
  authorise(actor, 'sync.write');
  if (input.decision === 'send_again') {
    const run = await queueAskedRun(ctx, actor, {
      syncId: input.id,
      kind: 'replay',
      selection: { type: 'doubts', keys: input.keys },
      resync: 'none',
      ignoreGuards: false,
      action: 'sync.doubts',
    });
    return { run, arrived: 0 };
  }
  const sync = await getSyncRow(ctx, actor, input.id);
  await assertIdle(ctx, sync);
  const decided = await accept(ctx, sync, input.keys);
  if (!decided) return { run: null, arrived: 0 };
  await replaceLedger(ctx, actor, sync, decided);
  return { run: null, arrived: decided.accepted };
}

async function accept(
  ctx: ServiceContext,
  sync: SyncRow,
  keys: readonly string[] | null,
): Promise<{ ledger: StoredLedger; accepted: number } | null> {
  if (sync.ledgerKey === null) return null;
  const last = await ctx.db.run.findFirst({
    where: { syncId: sync.id, finishedAt: { not: null } },
    orderBy: { id: 'desc' },
    select: { id: true },
  });
  const workDirectory = join(ctx.settings.dataDirectory, 'work', `draft-${randomUUID()}`);
  await mkdir(workDirectory, { recursive: true });
  try {
    return await acceptDoubts(sync.ledgerKey, keys, {
      blobs: ctx.blobs,
      name: `ledgers/${sync.workspaceId}/${sync.id}/${last?.id ?? 0}`,
      primaryKey: sync.model.primaryKey,
      workDirectory,
      memoryLimitMb: ctx.settings.duckdbMemoryMb,
    });
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

/** Only if nothing has replaced it meanwhile: a run that goes on would write over what was decided. */
async function replaceLedger(
  ctx: ServiceContext,
  actor: Actor,
  sync: SyncRow,
  { ledger, accepted }: { ledger: StoredLedger; accepted: number },
): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    // First the lock, then the look: a run that is claimed meanwhile waits for this ledger when it freezes its own.
    await tx.$queryRaw`select 1 from syncs where id = ${sync.id} for update`;
    const replaced = await tx.$executeRaw`
      update syncs set ledger_key = ${ledger.blobKey}, ledger_rows = ${ledger.rows}, doubt_rows = ${ledger.doubts}
      where id = ${sync.id} and workspace_id = ${sync.workspaceId} and ledger_key = ${sync.ledgerKey}
        and not exists (select 1 from runs where sync_id = ${sync.id} and status = any(${[...activeStatuses]}))`;
    if (replaced === 0) throw goingOn(sync.slug);
    // Retention may have taken it for a leftover before the lock: then nothing is decided.
    await ledgerParts(ctx.blobs, ledger.blobKey);
    await audit(tx, actor, {
      action: 'sync.doubts',
      subjectType: 'sync',
      subjectId: sync.id,
      subjectName: sync.slug,
      changes: { arrived: [null, accepted] },
    });
  });
}

async function assertIdle(ctx: ServiceContext, sync: SyncRow): Promise<void> {
  const active = await ctx.db.run.count({ where: { syncId: sync.id, status: { in: [...activeStatuses] } } });
  if (active > 0) throw goingOn(sync.slug);
}

const goingOn = (slug: string): SluiceError =>
  new SluiceError('conflict', `A run of the sync "${slug}" goes on and may decide about the same rows.`, {
    fix: 'Wait until it has ended, and decide then.',
  });
