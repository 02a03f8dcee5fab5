/** Places for batches on their way, shared by deliveries that go on side by side. */
export interface Places {
  readonly total: number;
  /** Resolves when a place is free and taken, or with `null` when the signal aborts. */
  take(signal: AbortSignal): Promise<Place | null>;
}

export interface Place {
  /** The destination has answered: another batch may be sent while that is written down, if few others wait for the same. */
  answered(): void;
  give(): void;
}

/**
 * At most `total` batches are with the destination, and a quarter as many more have their answer and wait until it is on
 * disk: a destination that takes one row a request would otherwise stand idle as long as each write takes.
 */
export function createPlaces(wanted: number): Places {
  const total = Math.max(1, wanted);
  const taken = total + Math.floor(total / 4);
  let sending = 0;
  let settling = 0;
  const waiting = new Set<() => void>();
  const isFree = (): boolean => sending < total && sending + settling < taken;
  const wake = (): void => {
    const [next] = waiting;
    if (!next || !isFree()) return;
    waiting.delete(next);
    next();
  };
  const place = (): Place => {
    sending += 1;
    let isAnswered = false;
    return {
      answered() {
        if (isAnswered) return;
        isAnswered = true;
        sending -= 1;
        settling += 1;
        wake();
      },
      give() {
        if (isAnswered) settling -= 1;
        else sending -= 1;
        wake();
      },
    };
  };
  return {
    total,
    take(signal) {
      if (signal.aborted) return Promise.resolve(null);
      if (isFree()) return Promise.resolve(place());
      return new Promise((resolve) => {
        const go = () => {
          signal.removeEventListener('abort', stop);
          resolve(place());
        };
        const stop = () => {
          waiting.delete(go);
          resolve(null);
        };
        waiting.add(go);
        signal.addEventListener('abort', stop, { once: true });
      });
    },
  };
}
