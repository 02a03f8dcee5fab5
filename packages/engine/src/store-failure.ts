import {
  type ChunkBoard,
  type ChunkStore,
  type ClaimedChunk,
  LeaseLost,
  type RunChunks,
  type RunStore,
} from './ports.ts';

/** The store could not be written or read: the run stays open, and nothing is sent that cannot be recorded. */
export class StoreFailure extends Error {
  constructor(cause: unknown) {
    super('the run could not be recorded', { cause });
    this.name = 'StoreFailure';
  }
}

/** The same store, whose failures can be told from those of sources and destinations. */
export function markFailures(store: RunStore): RunStore {
  return {
    plan: marked(() => store.plan()),
    enter: marked((stage) => store.enter(stage)),
    planned: marked((plan, keyFilter) => store.planned(plan, keyFilter)),
    batches: () => markedItems(() => store.batches()),
    exceptions: () => markedItems(() => store.exceptions()),
    intend: marked((batches) => store.intend(batches)),
    remember: marked((batch, text) => store.remember(batch, text)),
    settle: marked((outcomes) => store.settle(outcomes)),
    end: marked((end) => store.end(end)),
    progress: (counts, ratio, message) => store.progress(counts, ratio, message),
    event: (level, stage, message, details) => store.event(level, stage, message, details),
  };
}

/** The same for the chunks of a run. */
export function markRunChunks(chunks: RunChunks): RunChunks {
  return {
    ...markBoard(chunks),
    rowsMin: chunks.rowsMin,
    resumed: chunks.resumed,
    lookMs: chunks.lookMs,
    offer: marked((offered) => chunks.offer(offered)),
    look: marked(() => chunks.look()),
    withdraw: marked(() => chunks.withdraw()),
  };
}

export function markBoard(board: ChunkBoard): ChunkBoard {
  return {
    take: marked(async () => {
      const chunk = await board.take();
      return chunk && { ...chunk, store: markChunk(chunk) };
    }),
  };
}

function markChunk({ store }: ClaimedChunk): ChunkStore {
  return {
    batches: () => markedItems(() => store.batches()),
    exceptions: () => markedItems(() => store.exceptions()),
    intend: marked((batches) => store.intend(batches)),
    remember: marked((batch, text) => store.remember(batch, text)),
    settle: marked((outcomes) => store.settle(outcomes)),
    event: (level, stage, message, details) => store.event(level, stage, message, details),
    complete: marked(() => store.complete()),
    close: marked((error) => store.close(error)),
    release: marked((options) => store.release(options)),
  };
}

/** Losing the lease is no failure of the store: it stays as it is. */
function marked<Arguments extends unknown[], Result>(call: (...args: Arguments) => Promise<Result>) {
  return (...args: Arguments): Promise<Result> =>
    call(...args).catch((cause: unknown) => {
      throw cause instanceof LeaseLost ? cause : new StoreFailure(cause);
    });
}

async function* markedItems<Item>(open: () => AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* open();
  } catch (cause) {
    throw cause instanceof LeaseLost ? cause : new StoreFailure(cause);
  }
}
