import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { DoubtPage, ListDoubts } from '@sluice/domain/doubt';
import { listDoubts as listInEngine } from '@sluice/engine/look/list-doubts';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { getSyncRow } from './get-sync.ts';

/** Rows of a sync of which nobody knows whether they arrived, by primary key. Throws `not_found`, `ledger_missing`. */
export async function listDoubts(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof ListDoubts>,
): Promise<DoubtPage> {
  authorise(actor, 'run.rows');
  const sync = await getSyncRow(ctx, actor, input.id);
  if (sync.ledgerKey === null) return { items: [], nextCursor: null, total: 0 };
  const workDirectory = join(ctx.settings.dataDirectory, 'work', `draft-${randomUUID()}`);
  await mkdir(workDirectory, { recursive: true });
  try {
    const { rows, total } = await listInEngine(
      sync.ledgerKey,
      {
        afterKey: input.cursor ?? null,
        ...(input.search && { keyPrefix: input.search }),
        limit: input.limit + 1,
      },
      { blobs: ctx.blobs, workDirectory, primaryKey: sync.model.primaryKey },
    );
    const items = rows.slice(0, input.limit);
    const nextCursor = rows.length > input.limit ? (items.at(-1)?.key ?? null) : null;
    return ctx.secrets.redactDeep({ items, nextCursor, total });
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}
