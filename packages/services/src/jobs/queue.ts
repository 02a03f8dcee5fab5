import type { Logger } from '../log/logger.ts';
import { createQueueBackend, type QueueSettings } from './backend.ts';
import { type JobName, type JobPayload, jobCatalog } from './catalog.ts';

/** Puts wake-ups into the queue. */
export interface JobQueue {
  readonly backend: 'postgres' | 'redis';
  /**
   * Never throws and waits at most 2 s: a wake-up that is lost (queue down) is logged, and the work is found in
   * Postgres a little later. Two jobs with the same `id` are one while the first is waiting.
   */
  enqueue<Name extends JobName>(
    name: Name,
    payload: JobPayload<Name>,
    options?: { id?: string },
  ): Promise<void>;
  /** Whether the queue answers. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

const waitMs = 2_000;
const keepFailedSeconds = 7 * 24 * 3600;

/** Connects lazily: a queue that is down does not stop the process from starting. */
export function openJobQueue(settings: QueueSettings & { readonly log: Logger }): JobQueue {
  const backend = createQueueBackend(settings);
  const { log } = settings;
  const queue = backend.queue({
    defaultJobOptions: {
      removeOnComplete: true,
      removeOnFail: { age: keepFailedSeconds, count: 1_000 },
      backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
    },
  });
  queue.on('error', (error) =>
    log.warn({ err: error, backend: backend.kind }, 'the job queue is not reachable'),
  );

  return {
    backend: backend.kind,
    async enqueue(name, payload, options = {}) {
      const job = queue.add(name, jobCatalog[name].payload.parse(payload), {
        attempts: jobCatalog[name].attempts,
        ...(options.id && { jobId: options.id }),
      });
      try {
        await within(job, waitMs);
      } catch (error) {
        log.warn({ err: error, job: name }, 'a wake-up was lost; the work is found in Postgres');
      }
    },
    async ping() {
      try {
        await within(queue.getJobCounts('waiting'), waitMs);
        return true;
      } catch {
        return false;
      }
    },
    close: () => queue.close(),
  };
}

async function within<Result>(work: Promise<Result>, ms: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
