import { setTimeout as sleep } from 'node:timers/promises';
import { SluiceError } from '@sluice/domain/error';
import { isFinal } from '@sluice/domain/run-status';
import type { ApiClient } from '../api/api-client.ts';
import { getRun } from '../api/get-run.ts';
import type { ApiSyncRun } from '../api/resources.ts';

/**
 * Looks at a run until it has ended, and answers it; `null` when `timeoutMs` is over first. A server that is away for
 * less than five minutes (a restart, say) is waited for. Throws `not_found` when the run was removed.
 */
export async function waitForRun(
  api: ApiClient,
  runId: string,
  options: { timeoutMs: number; onRun: (run: ApiSyncRun) => void; onTrouble: (message: string) => void },
): Promise<ApiSyncRun | null> {
  const deadline = performance.now() + options.timeoutMs;
  let pauseMs = 250;
  let seenAt = performance.now();
  for (;;) {
    try {
      const run = await getRun(api, runId);
      options.onRun(run);
      if (isFinal(run.status)) return run;
      seenAt = performance.now();
    } catch (thrown) {
      const away = thrown instanceof SluiceError && thrown.code === 'server_unreachable';
      if (!away || performance.now() - seenAt > patienceMs) throw thrown;
      options.onTrouble(thrown.message);
    }
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) return null;
    await sleep(Math.min(pauseMs, leftMs));
    pauseMs = Math.min(pauseMs * 1.5, 5_000);
  }
}

const patienceMs = 5 * 60_000;
