import type { DestinationConnection } from '@sluice/connectors/kit/destination';
import type { RequestLimiter } from '@sluice/engine/ports';

/**
 * Paces the requests of one destination. All runs of this process that share a destination share its pace, so that
 * two syncs together stay within the limit, and a pause that one was asked for holds for the others as well.
 */
export interface RequestPace extends RequestLimiter {
  /** The lowest limit that anybody named holds; `null` changes nothing. */
  limit(requestsPerSecond: number | null): void;
}

export interface RequestPaces {
  of(destinationId: number): RequestPace;
}

/** Makes paces, one per destination, kept as long as the process. */
export function createRequestPaces(now: () => number = () => performance.now()): RequestPaces {
  const paces = new Map<number, RequestPace>();
  return {
    of(destinationId) {
      const pace = paces.get(destinationId) ?? createPace(now);
      paces.set(destinationId, pace);
      return pace;
    },
  };
}

/** The destination, telling the pace what its writers allow. */
export function pacedDestination(
  connection: DestinationConnection,
  pace: RequestPace,
): DestinationConnection {
  return {
    check: () => connection.check(),
    listObjects: () => connection.listObjects(),
    describeObject: (id) => connection.describeObject(id),
    validate: (configuration, columns) => connection.validate(configuration, columns),
    columnsUsed: (configuration) => connection.columnsUsed(configuration),
    columnsNamed: (configuration) => connection.columnsNamed(configuration),
    columnsForRemoval: (configuration) => connection.columnsForRemoval(configuration),
    async writer(configuration, variables) {
      const writer = await connection.writer(configuration, variables);
      pace.limit(writer.limits.requestsPerSecond);
      return writer;
    },
    close: () => connection.close(),
  };
}

function createPace(now: () => number): RequestPace {
  let spacingMs = 0;
  let freeAt = 0;
  return {
    limit(requestsPerSecond) {
      if (requestsPerSecond && requestsPerSecond > 0)
        spacingMs = Math.max(spacingMs, 1_000 / requestsPerSecond);
    },
    async acquire(signal) {
      signal.throwIfAborted();
      for (;;) {
        const wait = freeAt - now();
        if (wait <= 0) break;
        await sleep(wait, signal);
      }
      freeAt = Math.max(freeAt, now()) + spacingMs;
    },
    pause(ms) {
      freeAt = Math.max(freeAt, now() + ms);
    },
  };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
