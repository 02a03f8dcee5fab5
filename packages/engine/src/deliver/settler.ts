import { setImmediate } from 'node:timers/promises';
import type { BatchOutcome, RunStore } from '../ports.ts';

/** Writes outcomes to the store, as many as have come together while the write before was going on. */
export interface Settler {
  /** Resolves when the outcome is on disk. After a failed write every call rejects. */
  settle(outcome: BatchOutcome): Promise<void>;
}

export function createSettler(store: Pick<RunStore, 'settle'>): Settler {
  let tail = Promise.resolve();
  let waiting: { readonly outcomes: BatchOutcome[]; readonly written: Promise<void> } | null = null;
  return {
    settle(outcome) {
      if (waiting) {
        waiting.outcomes.push(outcome);
        return waiting.written;
      }
      const outcomes = [outcome];
      const written = tail.then(async () => {
        // Answers that have arrived together are read one after the other: all of them come along.
        await setImmediate();
        waiting = null;
        await store.settle(outcomes);
      });
      waiting = { outcomes, written };
      tail = written;
      // Whoever waits for `written` handles the failure; nobody may be waiting on `tail`.
      tail.catch(() => undefined);
      return written;
    },
  };
}
