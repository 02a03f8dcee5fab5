import type { Connection } from '@sluice/db/client';
import { Prisma } from '@sluice/db/generated/client';
import type { Actor } from '@sluice/domain/actor';
import type { WaitSubject } from '@sluice/domain/error-code';
import { changePause } from './change-pause.ts';

/** What changed, so that syncs that waited for it can go on. */
export interface ChangedSubject {
  readonly waitsFor: readonly WaitSubject[];
  readonly of: { readonly modelId: number } | { readonly syncId: number };
}

/** Lets the schedules go on of all syncs that wait for what just changed. Answers how many. */
export async function resumeWaiting(tx: Connection, actor: Actor, changed: ChangedSubject): Promise<number> {
  const rows = await tx.$queryRaw<{ id: number }[]>`
    select id from syncs
    where workspace_id = ${actor.workspaceId} and ${where(changed.of)}
      and pause ->> 'kind' = 'waits' and pause ->> 'waitsFor' = any(${[...changed.waitsFor]}::text[])
    order by id for update`;
  for (const { id } of rows) await changePause(tx, actor, { syncId: id, pause: null });
  return rows.length;
}

function where(of: ChangedSubject['of']): Prisma.Sql {
  return 'modelId' in of ? Prisma.sql`model_id = ${of.modelId}` : Prisma.sql`id = ${of.syncId}`;
}
