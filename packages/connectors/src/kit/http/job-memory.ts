import type { Delivery } from '../destination.ts';

/**
 * Jobs that work without us, by the portion that began them (`Portion.idempotencyKey`): kept in this process, and with
 * the batch for a worker that goes on with it.
 */
export interface JobMemory<Job> {
  find(memory: Delivery['memory'], portion: string): Job | undefined;
  /** Resolves when the job is kept; to be awaited before the request after which it works. */
  keep(memory: Delivery['memory'], portion: string, job: Job): Promise<void>;
  /** Its results are known; what is kept with the batch goes when they are on disk. */
  forget(portion: string): void;
  /** It has ended and wrote nothing: the next try begins another one. Resolves when nobody is given its id any more. */
  drop(memory: Delivery['memory'], portion: string): Promise<void>;
}

export function createJobMemory<Job>(): JobMemory<Job> {
  const own = new Map<string, Job>();
  return {
    find: (memory, portion) => own.get(portion) ?? keptIn<Job>(memory)[portion],
    async keep(memory, portion, job) {
      own.set(portion, job);
      await memory?.keep(JSON.stringify({ ...keptIn<Job>(memory), [portion]: job }));
    },
    forget(portion) {
      own.delete(portion);
    },
    async drop(memory, portion) {
      own.delete(portion);
      const { [portion]: _, ...others } = keptIn<Job>(memory);
      await memory?.keep(JSON.stringify(others));
    },
  };
}

function keptIn<Job>(memory: Delivery['memory']): Record<string, Job> {
  const text = memory?.read() ?? null;
  return text === null ? {} : (JSON.parse(text) as Record<string, Job>);
}
