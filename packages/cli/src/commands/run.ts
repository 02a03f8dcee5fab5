import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ApiClient } from '../api/api-client.ts';
import { getResource } from '../api/get-resource.ts';
import { type ExitCode, exitCodeOfRun, exitCodes } from '../exit-code.ts';
import { plainText } from '../plain-text.ts';
import { readDuration } from '../run/read-duration.ts';
import { showProgress } from '../run/run-progress.ts';
import { runSummary } from '../run/run-summary.ts';
import { waitForRun } from '../run/wait-for-run.ts';
import type { Terminal } from '../terminal.ts';

export interface RunOptions {
  readonly wait: boolean;
  readonly fullResync: boolean;
  readonly ignoreGuards: boolean;
  /** How long to wait for the end; waits even without `wait`. */
  readonly timeout?: string | undefined;
  readonly json: boolean;
}

/**
 * `sluice run`: triggers a sync and, with `wait`, follows the run to its end. The trigger carries a key of its own, so
 * that repeating it after a lost answer starts nothing twice. Throws what the trigger throws.
 */
export async function run(
  api: ApiClient,
  terminal: Terminal,
  reference: string,
  options: RunOptions,
): Promise<ExitCode> {
  const timeoutMs = options.timeout === undefined ? Number.POSITIVE_INFINITY : readDuration(options.timeout);
  const sync = await getResource(api, 'syncs', reference);
  const { id: runId } = await api.send(z.object({ id: z.string() }), `/syncs/${sync.id}/trigger`, {
    method: 'POST',
    body: {
      ...(options.fullResync && { fullResync: true }),
      ...(options.ignoreGuards && { ignoreGuards: true }),
    },
    headers: { 'idempotency-key': randomUUID() },
    repeatable: true,
  });
  if (!options.wait && options.timeout === undefined) {
    if (options.json)
      terminal.out(JSON.stringify({ id: Number(runId), syncId: sync.id, syncSlug: sync.slug }));
    else terminal.out(`Run ${runId} of ${sync.slug} is queued.`);
    return exitCodes.success;
  }

  terminal.note(`Run ${runId} of ${sync.slug}`);
  const progress = showProgress(terminal);
  const ended = await waitForRun(api, runId, {
    timeoutMs,
    onRun: progress.show,
    onTrouble: (message) => terminal.note(`${plainText(message)} Trying again.`),
  }).finally(progress.end);
  if (!ended) {
    terminal.note(
      `error: Run ${runId} has not ended within ${options.timeout}. It goes on.\nWhat to do: look again with \`sluice inspect run ${runId}\`, or stop it with \`sluice cancel ${runId}\`.`,
    );
    return exitCodes.timeout;
  }
  if (options.json) terminal.out(JSON.stringify(ended, null, 2));
  else for (const line of runSummary(ended)) terminal.out(plainText(line));
  return exitCodeOfRun(ended.status);
}
