/** Places for batches on their way, shared by deliveries that go on side by side. */
export interface Places {
  readonly total: number;
  /** Resolves when a place is free and taken, or with `false` when the signal aborts. */
  take(signal: AbortSignal): Promise<boolean>;
  give(): void;
}

export function createPlaces(total: number): Places {
  let free = Math.max(1, total);
  const waiting = new Set<() => void>();
  return {
    total: free,
    take(signal) {
      if (signal.aborted) return Promise.resolve(false);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const go = () => {
          signal.removeEventListener('abort', stop);
          resolve(true);
        };
        const stop = () => {
          waiting.delete(go);
          resolve(false);
        };
        waiting.add(go);
        signal.addEventListener('abort', stop, { once: true });
      });
    },
    give() {
      const [next] = waiting;
      if (!next) {
        free += 1;
        return;
      }
      waiting.delete(next);
      next();
    },
  };
}
