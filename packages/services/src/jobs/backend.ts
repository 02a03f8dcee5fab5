import {
  createPostgresBackend,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';

/** Where the queue lives: in Redis when `redisUrl` is given, otherwise in a schema of its own in Postgres. */
export interface QueueSettings {
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  /** Schema in Postgres, key prefix in Redis. */
  readonly namespace?: string;
}

export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  queue(options: Omit<QueueOptions, 'connection'>): Queue;
  worker(process: (job: JobEnvelope) => Promise<void>, options: Omit<WorkerOptions, 'connection'>): Worker;
}

/** The part of a BullMQ job that handlers need. */
export interface JobEnvelope {
  readonly id?: string | undefined;
  readonly name: string;
  readonly data: unknown;
}

const queueName = 'sluice';
/** One for the queue's commands, one to spare while the other waits for a lock. */
const poolMax = 2;

/** Chooses the backend. Prisma knows nothing of its tables: they are in the schema `bullmq`, made on first use. */
export function createQueueBackend(settings: QueueSettings): QueueBackend {
  const namespace = settings.namespace ?? 'bullmq';
  if (settings.redisUrl) {
    const url = settings.redisUrl;
    return {
      kind: 'redis',
      // A producer must not wait for a Redis that is down: what it wanted to wake is in Postgres already.
      queue: (options) =>
        new Queue(queueName, {
          ...options,
          prefix: namespace,
          connection: { url, maxRetriesPerRequest: 1, enableOfflineQueue: false },
        }),
      worker: (process, options) =>
        new Worker(queueName, process, {
          ...options,
          prefix: namespace,
          connection: { url, maxRetriesPerRequest: null },
        }),
    };
  }
  const classes = withBackend(createPostgresBackend);
  const connection = {
    connectionString: settings.databaseUrl,
    schema: namespace,
    migrate: true,
    max: poolMax,
    application_name: 'sluice queue',
  };
  return {
    kind: 'postgres',
    // Made anew around the backend, these classes have types of their own; what they offer is the same.
    queue: (options) => new classes.Queue(queueName, { ...options, connection }) as unknown as Queue,
    worker: (process, options) =>
      new classes.Worker(queueName, process, { ...options, connection }) as unknown as Worker,
  };
}
