import { z } from '@hono/zod-openapi';
import type { RunView } from '@sluice/domain/run';
import type { SyncView } from '@sluice/domain/sync';

const time = z.iso.datetime();

/** Statuses that the Airflow provider 2.x knows; any other ends its task. */
const legacyStatuses = [
  'pending',
  'queued',
  'querying',
  'processing',
  'success',
  'warning',
  'failed',
  'cancelled',
] as const;

export const LegacySyncJson = z
  .object({
    id: z.number().int(),
    model_id: z.number().int(),
    destination_id: z.number().int(),
    sync: z.object({
      sync_id: z.number().int(),
      sync_paused: z.boolean(),
      sync_created_at: time,
      sync_created_by: z.number().int().nullable(),
      sync_schedule: z.string().nullable(),
      sync_status: z.enum(legacyStatuses),
      last_run_at: time.nullable(),
    }),
    last_sync_run: z
      .object({
        sync_run_id: z.string(),
        sync_run_created_at: time,
        sync_run_finished_at: time.nullable(),
        sync_run_error: z.string().nullable(),
      })
      .partial()
      .describe('Empty until there is such a run.'),
  })
  .openapi('LegacySync');

export const LegacyStatusJson = z
  .object({
    sync: z.object({ id: z.number().int(), status: z.enum(['pending', 'running', 'succeeded', 'error']) }),
  })
  .openapi('FirstStatus');

/**
 * A sync as the older clients read it, with the run they wait for. `reporting` is unknown to them and is `processing`;
 * a run that was `interrupted` has `failed`. A sync that is disabled says so in `sync_paused`.
 */
export function legacySyncJson(view: SyncView, run: RunView | null): z.infer<typeof LegacySyncJson> {
  return {
    id: view.id,
    model_id: view.modelId,
    destination_id: view.destinationId,
    sync: {
      sync_id: view.id,
      sync_paused: view.disabled,
      sync_created_at: view.createdAt.toISOString(),
      sync_created_by: null,
      sync_schedule: view.schedule && JSON.stringify(view.schedule),
      sync_status: statusOf(run ?? view.lastRun),
      last_run_at: view.lastRunAt?.toISOString() ?? null,
    },
    last_sync_run: run
      ? {
          sync_run_id: String(run.id),
          sync_run_created_at: run.createdAt.toISOString(),
          sync_run_finished_at: run.finishedAt?.toISOString() ?? null,
          sync_run_error: run.error && `${run.error.message} ${run.error.fix}`,
        }
      : {},
  };
}

/** The four words of the very first clients. */
export function legacyStatus(run: RunView | null): 'pending' | 'running' | 'succeeded' | 'error' {
  const status = statusOf(run);
  if (status === 'pending' || status === 'queued') return 'pending';
  if (status === 'querying' || status === 'processing') return 'running';
  return status === 'success' || status === 'warning' ? 'succeeded' : 'error';
}

function statusOf(run: RunView | null): (typeof legacyStatuses)[number] {
  if (run === null) return 'pending';
  if (run.status === 'reporting') return 'processing';
  return run.status === 'interrupted' ? 'failed' : run.status;
}
