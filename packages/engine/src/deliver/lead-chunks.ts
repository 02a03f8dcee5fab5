import type { SluiceError } from '@sluice/domain/error';
import { type ChunkedProgress, LeaseLost, type RunChunks } from '../ports.ts';
import { stopReason } from '../stop-reason.ts';
import { type ChunkSession, deliverChunks } from './deliver-chunks.ts';
import { pause } from './pause.ts';

/**
 * The owner's part in a run that several workers deliver: it takes chunks like the others, shows the progress of all,
 * and waits for the last one. Answers why the run stopped early, `null` when all was tried or the run was cancelled.
 * Throws `LeaseLost` when the run is handed over.
 */
export async function leadChunks(
  session: Omit<ChunkSession, 'board'>,
  chunks: RunChunks,
  show: (progress: ChunkedProgress) => void,
): Promise<SluiceError | null> {
  const halt = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([session.signal, halt.signal]);
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const progress = await chunks.look();
      show(progress);
      // Another worker found that going on is useless.
      if (progress.failure) halt.abort('cancelled');
      await pause(chunks.lookMs, over.signal);
    }
  };
  const watching = watch().catch((thrown: unknown) => thrown);
  try {
    for (;;) {
      await deliverChunks({ ...session, board: chunks, signal });
      if (signal.aborted || session.trouble.parkedMs > 0) break;
      const { left, failure } = await chunks.look();
      if (left === 0 || failure) break;
      await pause(chunks.lookMs, signal);
    }
  } finally {
    over.abort();
  }
  const trouble = await watching;
  if (trouble !== undefined) throw trouble;
  const reason = stopReason(session.signal);
  if (reason === 'lost' || reason === 'shutdown') throw new LeaseLost();
  const { parkedMs } = session.trouble;
  if (parkedMs > 0 && !signal.aborted) throw new LeaseLost({ parkedMs });
  return (await chunks.look()).failure;
}

/** Resolves when no worker sends for this run any more, and none can take a chunk of it. */
export async function withdrawChunks(chunks: RunChunks): Promise<void> {
  while ((await chunks.withdraw()) > 0) await pause(chunks.lookMs, new AbortController().signal);
}
