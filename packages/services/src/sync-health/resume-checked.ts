import { systemActor } from '../actor/system-actor.ts';
import { lockRow } from '../connection/lock-row.ts';
import type { ServiceContext } from '../context.ts';
import { changePause } from './change-pause.ts';

interface Waiting {
  readonly id: number;
  readonly workspaceId: number;
  readonly noun: 'source' | 'destination';
  readonly connectionId: number;
  /** The connection passed its check after the pause began. */
  readonly passed: boolean;
  /** It was changed after the pause began, and nobody has checked it since. */
  readonly unchecked: boolean;
}

/**
 * Looks after syncs that wait for a source or a destination: those whose connection has passed its check since go on,
 * and a connection that was changed and not checked is checked. Answers how many go on.
 */
export async function resumeChecked(ctx: ServiceContext): Promise<number> {
  const waiting = await ctx.db.$queryRaw<Waiting[]>`
    select sync.id, sync.workspace_id as "workspaceId", noun, connection.id as "connectionId",
      last_check ->> 'ok' = 'true' and (last_check ->> 'at')::timestamptz > since as passed,
      last_check is null and connection.updated_at > since as unchecked
    from syncs sync
    join models model on model.id = sync.model_id
    cross join lateral (select pause ->> 'waitsFor' as noun, (pause ->> 'since')::timestamptz as since) state
    cross join lateral (
      select id, last_check, updated_at from sources where noun = 'source' and id = model.source_id
      union all
      select id, last_check, updated_at from destinations where noun = 'destination' and id = sync.destination_id
    ) connection
    where sync.pause is not null and pause ->> 'kind' = 'waits' and noun in ('source', 'destination')
    order by sync.id`;
  for (const { workspaceId, noun, connectionId } of waiting.filter(({ unchecked }) => unchecked)) {
    const minute = Math.floor(Date.now() / 60_000);
    const id = `check-${noun}-${connectionId}-${minute}`;
    await ctx.jobs.enqueue('connection.check', { workspaceId, noun, connectionId }, { id });
  }
  const passed = waiting.filter((sync) => sync.passed);
  for (const { id, workspaceId } of passed) {
    await ctx.db.$transaction(async (tx) => {
      await lockRow(tx, 'syncs', workspaceId, id);
      const found = await tx.sync.findFirst({ where: { id, workspaceId }, select: { pause: true } });
      const pause = found?.pause as { kind?: string } | null;
      if (pause?.kind !== 'waits') return;
      await changePause(tx, systemActor(workspaceId, 'Sluice'), { syncId: id, pause: null });
    });
  }
  return passed.length;
}
