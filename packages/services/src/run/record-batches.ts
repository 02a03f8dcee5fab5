import { Prisma } from '@sluice/db/generated/client';
import type { SeqRange } from '@sluice/engine/deliver/seq-ranges';
import type { BatchIntent, BatchOutcome, BatchRecord, RowException } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { fence, type Hold, writeFenced } from './run-fence.ts';

const pageSize = 5_000;
const messageLengthMax = 2_000;
const everything: SeqRange = { from: 0, to: 2_147_483_647 };

/** Records batches that are about to be sent. See `RunStore.intend`. */
export async function intendBatches(
  ctx: ServiceContext,
  hold: Hold,
  batches: readonly BatchIntent[],
): Promise<void> {
  await writeFenced(
    ctx,
    Prisma.sql`with ${fence(hold)}, batch as (
      insert into run_batches (run_id, seq_from, seq_to, workspace_id, class, state, epoch)
      select fence.id, "seqFrom", "seqTo", fence.workspace_id, class, 'intended', ${hold.epoch}::int
      from fence, jsonb_to_recordset(${JSON.stringify(batches)}::jsonb)
        as batch("seqFrom" int, "seqTo" int, class text)
      on conflict (run_id, seq_from) do update set epoch = excluded.epoch,
        -- A longer range of an earlier attempt is still in doubt to its end.
        seq_to = greatest(run_batches.seq_to, excluded.seq_to)
    ) select count(*)::int as held from fence`,
  );
}

/** Keeps words of the destination with a batch. See `RunStore.remember`. */
export async function rememberBatch(
  ctx: ServiceContext,
  hold: Hold,
  { seqFrom }: BatchIntent,
  text: string,
): Promise<void> {
  await writeFenced(
    ctx,
    Prisma.sql`with ${fence(hold)}, batch as (
      update run_batches set memory = ${text} from fence
      where run_batches.run_id = fence.id and run_batches.seq_from = ${seqFrom}::int
    ) select count(*)::int as held from fence`,
  );
}

/** Records what became of batches, and what was captured of them. See `RunStore.settle`. */
export async function settleBatches(
  ctx: ServiceContext,
  hold: Hold,
  outcomes: readonly BatchOutcome[],
  exchanges: ExchangeLog,
): Promise<void> {
  const batches = outcomes.map((outcome) => ({
    ...rangeOf(outcome),
    ...exchanges.append(outcome.exchanges),
  }));
  const exceptions = outcomes.flatMap(({ exceptions: rows }) =>
    rows.map((row) => ({ ...row, ...clean(ctx, row) })),
  );
  await writeFenced(
    ctx,
    Prisma.sql`with ${fence(hold)}, batch as (
      insert into run_batches (run_id, seq_from, seq_to, workspace_id, class, state, epoch, delivered,
        exchange_key, exchange_from, exchange_to)
      select fence.id, "seqFrom", "seqTo", fence.workspace_id, class, 'settled', ${hold.epoch}::int, delivered,
        "key", "from", "to"
      from fence, jsonb_to_recordset(${JSON.stringify(batches)}::jsonb)
        as batch("seqFrom" int, "seqTo" int, class text, delivered int, "key" text, "from" int, "to" int)
      on conflict (run_id, seq_from) do update set seq_to = excluded.seq_to, state = excluded.state, memory = null,
        epoch = excluded.epoch, delivered = excluded.delivered, exchange_key = excluded.exchange_key,
        exchange_from = excluded.exchange_from, exchange_to = excluded.exchange_to
    ), exception as (
      insert into run_exceptions (run_id, seq, workspace_id, key, class, outcome, code, message)
      select fence.id, seq, fence.workspace_id, "key", class, outcome, code, message
      from fence, jsonb_to_recordset(${JSON.stringify(exceptions)}::jsonb)
        as exception(seq int, "key" text, class text, outcome text, code text, message text)
      on conflict (run_id, seq) do update set outcome = excluded.outcome, code = excluded.code,
        message = excluded.message
    ), progressed as (
      update runs set claims = 0 from fence where runs.id = fence.id and claims <> 0
    )${'chunk' in hold ? chunkProgress(hold, outcomes) : Prisma.empty}
    select count(*)::int as held from fence`,
  );
}

/** Counts for people; after a lost answer to the commit they may count a batch twice. */
function chunkProgress({ chunk }: { chunk: number }, outcomes: readonly BatchOutcome[]): Prisma.Sql {
  const count = (outcome: RowException['outcome']): number =>
    outcomes.reduce(
      (sum, { exceptions }) => sum + exceptions.filter((row) => row.outcome === outcome).length,
      0,
    );
  const delivered = outcomes.reduce((sum, outcome) => sum + outcome.delivered, 0);
  return Prisma.sql`, counted as (
    update run_chunks set claims = 0, delivered = delivered + ${delivered}::int,
      rejected = rejected + ${count('rejected')}::int, uncertain = uncertain + ${count('uncertain')}::int
    from fence where run_id = fence.id and number = ${chunk}
  )`;
}

const rangeOf = ({ seqFrom, seqTo, class: name, delivered }: BatchOutcome) => ({
  seqFrom,
  seqTo,
  class: name,
  delivered,
});

/** What a destination says may repeat a secret, or hold the one character that Postgres cannot store. */
function clean(ctx: ServiceContext, { key, code, message }: RowException) {
  return {
    key: storable(key),
    code: storable(code).slice(0, 100),
    message: storable(ctx.secrets.redact(message)).slice(0, messageLengthMax),
  };
}

const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');

/** Batches of earlier attempts by position; of a chunk with its range. */
export async function* readBatches(
  ctx: ServiceContext,
  runId: number,
  range: SeqRange = everything,
): AsyncIterable<BatchRecord> {
  for (let after = range.from - 1; ; ) {
    const page = await ctx.db.runBatch.findMany({
      where: { runId, seqFrom: { gt: after, lte: range.to } },
      orderBy: { seqFrom: 'asc' },
      take: pageSize,
      select: { seqFrom: true, seqTo: true, class: true, state: true, memory: true },
    });
    for (const { memory, ...batch } of page) yield { ...batch, ...(memory && { memory }) } as BatchRecord;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.seqFrom;
  }
}

/** Rows of earlier attempts that were not delivered, by position; of a chunk with its range. */
export async function* readExceptions(
  ctx: ServiceContext,
  runId: number,
  range: SeqRange = everything,
): AsyncIterable<RowException> {
  for (let after = range.from - 1; ; ) {
    const page = await ctx.db.runException.findMany({
      where: { runId, seq: { gt: after, lte: range.to } },
      orderBy: { seq: 'asc' },
      take: pageSize,
      select: { seq: true, key: true, class: true, outcome: true, code: true, message: true },
    });
    yield* page as RowException[];
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.seq;
  }
}
