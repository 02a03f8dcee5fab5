/** A request that was answered. */
export interface AnsweredRequest {
  /** `rest`: the API of tokens; `console`: that of the browser. */
  readonly api: 'rest' | 'console';
  /** Pattern of the address, never the address itself: `/api/v1/syncs/:id`. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

export interface RequestCount {
  readonly api: string;
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly count: number;
}

/** How long the answers of an API took: how many were at most so long, for each of `durationBounds`. */
export interface RequestDurations {
  readonly api: string;
  readonly buckets: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/** Requests that this process answered since it started. */
export interface RequestCounter {
  add(request: AnsweredRequest): void;
  read(): { counts: readonly RequestCount[]; durations: readonly RequestDurations[] };
}

/** In seconds. */
export const durationBounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts in memory; as many entries as there are routes, methods and statuses. */
export function createRequestCounter(): RequestCounter {
  const counts = new Map<string, RequestCount>();
  const durations = new Map<string, { api: string; buckets: number[]; count: number; sum: number }>();
  return {
    add({ api, route, status, seconds, ...request }) {
      const method = methods.has(request.method) ? request.method : 'other';
      const key = `${api} ${method} ${status} ${route}`;
      counts.set(key, { api, route, method, status, count: (counts.get(key)?.count ?? 0) + 1 });
      const all = durations.get(api) ?? { api, buckets: durationBounds.map(() => 0), count: 0, sum: 0 };
      all.buckets = all.buckets.map((count, index) =>
        seconds <= (durationBounds[index] ?? 0) ? count + 1 : count,
      );
      all.count += 1;
      all.sum += seconds;
      durations.set(api, all);
    },
    read: () => ({ counts: [...counts.values()], durations: [...durations.values()] }),
  };
}
