import { Prisma } from '@sluice/db/generated/client';
import { activeStatuses } from '@sluice/domain/run-status';
import { LeaseLost } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';

/** The run and the claim under which it is written. */
export interface RunHold {
  readonly id: number;
  readonly epoch: number;
}

/** A chunk of a run and the claim under which it is delivered. */
export interface ChunkHold {
  /** The run. */
  readonly id: number;
  readonly chunk: number;
  /** Of the chunk. */
  readonly epoch: number;
}

export type Hold = RunHold | ChunkHold;

/**
 * A CTE `fence` that has one row (`id`, `workspace_id`, `sync_id` of the run) while this epoch owns the run or the chunk,
 * and none otherwise. It locks the row of the run or the chunk, so that a claim waits for the statement.
 */
export function fence(hold: Hold): Prisma.Sql {
  return 'chunk' in hold ? chunkFence(hold, Prisma.sql`run_chunks`) : runFence(hold);
}

/** The same, locking the run in either case, so that ids of log lines grow in the order they appear. */
export function logFence(hold: Hold): Prisma.Sql {
  return 'chunk' in hold ? chunkFence(hold, Prisma.sql`runs`) : runFence(hold);
}

const runFence = ({ id, epoch }: RunHold): Prisma.Sql => Prisma.sql`fence as materialized (
    select id, workspace_id, sync_id from runs
    where id = ${id} and epoch = ${epoch} and status = any(${[...activeStatuses]}) for no key update
  )`;

const chunkFence = ({ id, chunk, epoch }: ChunkHold, locked: Prisma.Sql): Prisma.Sql => Prisma.sql`
  fence as materialized (
    select runs.id, runs.workspace_id, runs.sync_id from run_chunks join runs on runs.id = run_chunks.run_id
    where run_chunks.run_id = ${id} and run_chunks.number = ${chunk} and run_chunks.epoch = ${epoch}
      and run_chunks.state = 'claimed' and runs.status = any(${[...activeStatuses]})
    for no key update of ${locked}
  )`;

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
