import { UnrecoverableError } from 'bullmq';
import type { Logger } from '../log/logger.ts';
import { createQueueBackend, type JobEnvelope, type QueueSettings } from './backend.ts';
import { type JobName, type JobPayload, jobCatalog } from './catalog.ts';

/** One handler per job of the catalog: a missing one does not compile. */
export type JobHandlers = {
  readonly [Name in JobName]: (payload: JobPayload<Name>, context: { signal: AbortSignal }) => Promise<void>;
};

export interface BoundJobs {
  /** Stops taking jobs and waits for the ones at work. */
  close(): Promise<void>;
}

/**
 * Takes jobs from the queue and hands them to their handlers, `concurrency` at once. A payload that does not fit the
 * catalog, or an unknown name, is parked as failed without blocking the others.
 */
export function bindJobs(
  settings: QueueSettings & { readonly log: Logger; readonly concurrency: number },
  handlers: JobHandlers,
): BoundJobs {
  const { log } = settings;
  const closing = new AbortController();
  const worker = createQueueBackend(settings).worker((job) => handle(job, handlers, closing.signal), {
    concurrency: settings.concurrency,
    // BullMQ's defaults give up a job after its second stall; ours may be repeated at any time.
    maxStalledCount: 10,
    lockDuration: 15_000,
    stalledInterval: 5_000,
  });
  worker.on('error', (error) => log.warn({ err: error }, 'the job queue is not reachable'));
  worker.on('failed', (job, error) =>
    log.error({ err: error, job: job?.name, jobId: job?.id }, 'a job failed'),
  );
  return {
    async close() {
      closing.abort(new Error('the worker is stopping'));
      await worker.close();
    },
  };
}

async function handle(job: JobEnvelope, handlers: JobHandlers, closing: AbortSignal): Promise<void> {
  if (!isJobName(job.name)) throw new UnrecoverableError(`no such job: ${job.name}`);
  const definition = jobCatalog[job.name];
  const payload = definition.payload.safeParse(job.data);
  if (!payload.success) throw new UnrecoverableError(`the payload does not fit: ${payload.error.message}`);
  const signal = AbortSignal.any([closing, AbortSignal.timeout(definition.timeoutMs)]);
  // The catalog ties the name to the payload; TypeScript cannot follow that through an index.
  const handler = handlers[job.name] as (payload: unknown, context: { signal: AbortSignal }) => Promise<void>;
  await handler(payload.data, { signal });
  signal.throwIfAborted();
}

const isJobName = (name: string): name is JobName => Object.hasOwn(jobCatalog, name);
