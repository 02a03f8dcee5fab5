import { readSettings, ServiceEnvironment } from '@sluice/services/settings';
import { z } from 'zod';

const WorkerEnvironment = ServiceEnvironment.extend({
  /** The health endpoint listens here, on the loopback address only. */
  WORKER_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
  /** Runs that this worker executes at once. */
  WORKER_RUNS_MAX: z.coerce.number().int().min(1).max(64).default(4),
  /** Runs of one workspace at once, over all workers. */
  WORKSPACE_RUNS_MAX: z.coerce.number().int().min(1).max(64).default(3),
  /** Runs to one destination at once, over all workers. */
  DESTINATION_RUNS_MAX: z.coerce.number().int().min(1).max(64).default(3),
});
export type WorkerEnvironment = z.infer<typeof WorkerEnvironment>;

/** The worker's settings. Throws `settings_invalid` that names every variable with a wrong value. */
export const readEnvironment = (): WorkerEnvironment => readSettings(WorkerEnvironment, process.env);
