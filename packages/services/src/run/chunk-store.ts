import { Prisma } from '@sluice/db/generated/client';
import { errorView } from '@sluice/domain/error';
import type { ChunkStore } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import type { ClaimedChunkRow } from './claim-chunk.ts';
import { openEventLog } from './event-log.ts';
import type { ExchangeLog } from './exchange-log.ts';
import {
  intendBatches,
  readBatches,
  readExceptions,
  rememberBatch,
  settleBatches,
} from './record-batches.ts';
import { fence, writeFenced } from './run-fence.ts';

/** The record of a chunk in Postgres, under the epoch of its claim. See `ChunkStore` for what each write promises. */
export function createChunkStore(
  ctx: ServiceContext,
  chunk: ClaimedChunkRow,
  exchanges: ExchangeLog,
): ChunkStore {
  const hold = { id: chunk.id, chunk: chunk.chunk, epoch: chunk.epoch };
  const range = { from: chunk.seqFrom, to: chunk.seqTo };
  const events = openEventLog(ctx, hold);
  /** What the chunk says must be readable when the run ends, and it may end right after. */
  const flush = async () => {
    await exchanges.flush();
    await events.flush();
  };
  /** Workers that wait for the next class, or have to stop, hear of it. */
  const become = (change: Prisma.Sql, notice: 'queued' | 'cancel', before: Prisma.Sql = Prisma.empty) =>
    writeFenced(
      ctx,
      Prisma.sql`with ${fence(hold)}${before}, changed as (
        update run_chunks set ${change}, owner = null from fence where run_id = fence.id and number = ${hold.chunk}
      ) select count(*)::int as held, pg_notify('sluice_runs', ${notice}::text || ':' || ${hold.id}::int)::text
        from fence`,
    );

  return {
    batches: () => readBatches(ctx, hold.id, range),
    exceptions: () => readExceptions(ctx, hold.id, range),
    intend: (batches) => intendBatches(ctx, hold, batches),
    remember: (batch, text) => rememberBatch(ctx, hold, batch, text),
    settle: (outcomes) => settleBatches(ctx, hold, outcomes, exchanges),
    event: (level, stage, message, details) => events.add(level, stage, message, details),
    async complete() {
      await flush();
      await become(Prisma.sql`state = 'settled', lease_until = null`, 'queued');
    },
    async close(error) {
      await flush();
      const view = error && errorView(error);
      const known = view && { ...view, message: ctx.secrets.redact(view.message) };
      await become(
        Prisma.sql`state = 'closed', lease_until = null, error = ${known ? JSON.stringify(known) : null}::jsonb`,
        'cancel',
        Prisma.sql`, forgotten as (
          delete from run_batches using fence where run_id = fence.id and state = 'intended'
            and seq_from between ${range.from} and ${range.to}
        )`,
      );
    },
    async release({ unanswered }) {
      await flush();
      await become(
        Prisma.sql`state = 'open', lease_until = case when ${unanswered} then now() end,
          claims = case when ${unanswered} then claims else greatest(claims - 1, 0) end`,
        'queued',
      );
    },
  };
}
