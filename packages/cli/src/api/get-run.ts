import { SluiceError } from '@sluice/domain/error';
import type { ApiClient } from './api-client.ts';
import { ApiSyncRun } from './resources.ts';

/** The run with this number. Throws `not_found`, and `input_invalid` for what is no number. */
export async function getRun(api: ApiClient, reference: string | number): Promise<ApiSyncRun> {
  if (/^[1-9]\d{0,9}$/.test(String(reference))) return api.send(ApiSyncRun, `/runs/${reference}`);
  throw new SluiceError('input_invalid', `"${reference}" is not the number of a run.`, {
    fix: '`sluice list runs` shows the newest.',
  });
}
