import { z } from 'zod';

const id = z.number().int().positive();

interface JobDefinition<Payload extends z.ZodType = z.ZodType> {
  /** Ids only: never a secret, a row or a name. Additive, because two versions run side by side during a deploy. */
  readonly payload: Payload;
  readonly attempts: number;
  /** The handler's signal aborts after this time, and the attempt counts as failed. */
  readonly timeoutMs: number;
}

const define = <Payload extends z.ZodType>(
  payload: Payload,
  limits: Omit<JobDefinition, 'payload'>,
): JobDefinition<Payload> => ({ payload, ...limits });

/**
 * Every job there is. Jobs are wake-ups: what has to happen is in Postgres, and is found there by the next look even
 * if the queue forgets everything.
 */
export const jobCatalog = {
  /** A run was queued: workers look for it at once instead of at the next second. */
  'run.execute': define(z.object({ runId: id, workspaceId: id }), { attempts: 1, timeoutMs: 10_000 }),
  /** Removes the files of a sync that is gone. */
  'sync.purge': define(z.object({ workspaceId: id, syncId: id }), { attempts: 5, timeoutMs: 10 * 60_000 }),
  /** A source may hold planner tables that nobody needs any more. */
  'source.tidy': define(z.object({ workspaceId: id, sourceId: id }), { attempts: 5, timeoutMs: 2 * 60_000 }),
  /** A connection that syncs wait for was changed: whether it works now decides whether they go on. */
  'connection.check': define(
    z.object({ workspaceId: id, noun: z.enum(['source', 'destination']), connectionId: id }),
    { attempts: 1, timeoutMs: 2 * 60_000 },
  ),
  /** Deliveries of webhooks are due. */
  'webhook.send': define(z.object({}), { attempts: 1, timeoutMs: 10_000 }),
  /** Removes what is older than the retention of its workspace. */
  'retention.sweep': define(z.object({}), { attempts: 3, timeoutMs: 30 * 60_000 }),
} as const satisfies Record<string, JobDefinition>;

export type JobName = keyof typeof jobCatalog;
export type JobPayload<Name extends JobName> = z.infer<(typeof jobCatalog)[Name]['payload']>;
