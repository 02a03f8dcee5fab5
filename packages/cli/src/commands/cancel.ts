import type { ApiClient } from '../api/api-client.ts';
import { getRun } from '../api/get-run.ts';
import { ApiRun } from '../api/resources.ts';
import type { Terminal } from '../terminal.ts';

/**
 * `sluice cancel`: asks a run to stop; what was accepted stays accepted. Throws `not_found`, and `run_not_active` for a
 * run that has ended.
 */
export async function cancel(
  api: ApiClient,
  terminal: Terminal,
  reference: string,
  options: { json: boolean },
): Promise<void> {
  const { id, syncId, syncSlug } = await getRun(api, reference);
  const cancelled = await api.send(ApiRun, `/syncs/${syncId}/runs/${id}/cancel`, {
    method: 'POST',
    repeatable: true,
  });
  if (options.json) terminal.out(JSON.stringify({ ...cancelled, syncId, syncSlug }, null, 2));
  else if (cancelled.status === 'cancelled') terminal.out(`Run ${id} of ${syncSlug} is cancelled.`);
  else terminal.out(`Run ${id} of ${syncSlug} stops as soon as the requests in flight are answered.`);
}
