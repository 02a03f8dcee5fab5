import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { helpRun as helpInEngine } from '@sluice/engine/help-run';
import type { StoredPlan } from '@sluice/engine/ports';
import { openDestination } from '../connection/open-destination.ts';
import type { ServiceContext } from '../context.ts';
import type { RequestPaces } from '../pace/create-request-paces.ts';
import { createChunkBoard } from './chunk-board.ts';
import type { ChunkLeases } from './chunk-leases.ts';
import type { HelpableRun } from './claim-chunk.ts';
import { openExchangeLog } from './exchange-log.ts';
import { FrozenSpecification, runSpecification } from './frozen-specification.ts';
import { duckdbThreads, sendAttemptsMax } from './run-limits.ts';

/**
 * Delivers chunks of a run that another worker owns, until there is none to take or the signal aborts. A chunk that it
 * could not begin is given back; then it throws why. Answers how long a pause the destination asked for.
 */
export async function helpRun(
  ctx: ServiceContext,
  run: HelpableRun,
  worker: { owner: string; leases: ChunkLeases; paces: RequestPaces; signal: AbortSignal },
): Promise<{ readonly parkedMs: number }> {
  const attempt = `h${randomUUID().slice(0, 8)}`;
  const workDirectory = join(ctx.settings.dataDirectory, 'work', `${run.id}-${attempt}`);
  const exchanges = openExchangeLog({
    blobs: ctx.blobs,
    secrets: ctx.secrets,
    workDirectory,
    run,
    attempt,
    onError: (error) => ctx.log.warn({ err: error, runId: run.id }, 'captured requests were not stored'),
  });
  const board = createChunkBoard(ctx, run.id, { ...worker, exchanges });
  if (!(await board.reserve())) return { parkedMs: 0 };
  try {
    await mkdir(workDirectory, { recursive: true });
    const { specification, plan } = await ctx.db.run.findUniqueOrThrow({
      where: { id: run.id, workspaceId: run.workspaceId },
      select: { specification: true, plan: true },
    });
    const frozen = FrozenSpecification.parse(specification);
    const destination = await openDestination(ctx, run.workspaceId, frozen.destinationId, {
      signal: worker.signal,
      label: `sluice run ${run.id}`,
    });
    try {
      return await helpInEngine(runSpecification(run, frozen), plan as unknown as StoredPlan, {
        destination,
        board,
        blobs: ctx.blobs,
        limiter: worker.paces.of({ id: frozen.destinationId, workspaceId: run.workspaceId }),
        workDirectory,
        duckdb: { memoryLimitMb: ctx.settings.duckdbMemoryMb, threads: duckdbThreads },
        retry: { attemptsMax: sendAttemptsMax, baseMs: ctx.settings.retryBaseMs },
        signal: worker.signal,
      });
    } finally {
      await destination.close().catch(() => undefined);
    }
  } finally {
    await board.close();
    await exchanges.flush();
    await rm(workDirectory, { recursive: true, force: true });
  }
}
