import type { RunStore } from './ports.ts';

/** The store could not be written or read: the run stays open, and nothing is sent that cannot be recorded. */
export class StoreFailure extends Error {
  constructor(cause: unknown) {
    super('the run could not be recorded', { cause });
    this.name = 'StoreFailure';
  }
}

/** The same store, whose failures can be told from those of sources and destinations. */
export function markFailures(store: RunStore): RunStore {
  const marked =
    <Arguments extends unknown[], Result>(call: (...args: Arguments) => Promise<Result>) =>
    (...args: Arguments): Promise<Result> =>
      call(...args).catch((cause: unknown) => {
        throw new StoreFailure(cause);
      });
  return {
    plan: marked(() => store.plan()),
    enter: marked((stage) => store.enter(stage)),
    planned: marked((plan) => store.planned(plan)),
    batches: () => markedItems(() => store.batches()),
    exceptions: () => markedItems(() => store.exceptions()),
    intend: marked((batches) => store.intend(batches)),
    settle: marked((outcomes) => store.settle(outcomes)),
    end: marked((end) => store.end(end)),
    progress: (counts, ratio, message) => store.progress(counts, ratio, message),
    event: (level, stage, message, details) => store.event(level, stage, message, details),
  };
}

async function* markedItems<Item>(open: () => AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* open();
  } catch (cause) {
    throw new StoreFailure(cause);
  }
}
