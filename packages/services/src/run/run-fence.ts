import { Prisma } from '@sluice/db/generated/client';
import { activeStatuses } from '@sluice/domain/run-status';
import { LeaseLost } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';

/** The run and the claim under which it is written. */
export interface RunHold {
  readonly id: number;
  readonly epoch: number;
}

/**
 * A CTE `fence` that has one row (`id`, `workspace_id`, `sync_id`) while this epoch owns the run, and none otherwise.
 * It locks the row, so that a claim waits for the statement, and so that ids of log lines grow in the order they appear.
 */
export function fence({ id, epoch }: RunHold): Prisma.Sql {
  return Prisma.sql`fence as materialized (
    select id, workspace_id, sync_id from runs
    where id = ${id} and epoch = ${epoch} and status = any(${[...activeStatuses]}) for no key update
  )`;
}

/** Runs a statement that answers `held` (rows of its fence). Throws LeaseLost when the fence was empty. */
export async function writeFenced(ctx: ServiceContext, statement: Prisma.Sql): Promise<void> {
  const [answer] = await retryDropped(() => ctx.db.$queryRaw<{ held: number }[]>(statement));
  if (answer?.held !== 1) throw new LeaseLost();
}

/**
 * Repeats a statement whose connection was lost, for up to half a minute: a restart of Postgres pauses a run and does
 * not end it. Only for statements that may run twice.
 */
export async function retryDropped<Result>(work: () => Promise<Result>, attemptsMax = 12): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attemptsMax || !isTransient(error)) throw error;
      await new Promise((resolve) =>
        setTimeout(resolve, Math.random() * Math.min(5_000, 100 * 2 ** attempt)),
      );
    }
  }
}

/** SQLSTATE classes: connection, serialisation and deadlock, shutdown, too many connections. */
const transientStates = /\b(?:08\w{3}|40001|40P01|57P0[123]|53300)\b/;
const transientWords =
  /ECONNREFUSED|ECONNRESET|EPIPE|connection terminated|terminating connection|closed the connection|Can't reach database/i;

function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Prisma: P1001/P1002/P1008/P1017 connection, P2034 deadlock; P2010 carries the driver's own code in the message.
  if (['P1001', 'P1002', 'P1008', 'P1017', 'P2034'].includes(code)) return true;
  const text = `${code} ${error.message}`;
  return transientStates.test(text) || transientWords.test(text);
}
