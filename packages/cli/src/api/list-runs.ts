import type { ApiClient } from './api-client.ts';
import { getResource } from './get-resource.ts';
import { ApiRun, ApiSyncRun } from './resources.ts';

/** The newest runs, of one sync or of all. Throws `not_found` for the sync. */
export async function listRuns(
  api: ApiClient,
  options: { sync?: string | undefined; limit: number },
): Promise<ApiSyncRun[]> {
  if (options.sync !== undefined) {
    const { id: syncId, slug: syncSlug } = await getResource(api, 'syncs', options.sync);
    const runs = await api.list(ApiRun, `/syncs/${syncId}/runs`, { most: options.limit });
    return runs.map((run) => ({ ...run, syncId, syncSlug }));
  }
  const runs: ApiSyncRun[] = [];
  for await (const run of api.follow(ApiSyncRun, '/runs')) {
    runs.push(run);
    if (runs.length === options.limit) break;
  }
  return runs;
}
