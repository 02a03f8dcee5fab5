import { SluiceError } from '@sluice/domain/error';
import { isFinal } from '@sluice/domain/run-status';
import { z } from 'zod';
import type { ApiClient } from '../api/api-client.ts';
import { getResource } from '../api/get-resource.ts';
import { getRun } from '../api/get-run.ts';
import { ApiRun } from '../api/resources.ts';
import { csvLine } from '../csv-line.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const RejectedRow = z.object({
  key: z.string(),
  class: z.string(),
  code: z.string().nullable(),
  message: z.string().nullable(),
});
type RejectedRow = z.infer<typeof RejectedRow>;

/**
 * `sluice rejected`: the rows that a run could not deliver, and why: of the run with this number, or of the newest one
 * that ended. A table of at most 1,000, or everything as CSV or JSON. Throws `not_found`, `forbidden`, `plan_missing`.
 */
export async function rejected(
  api: ApiClient,
  terminal: Terminal,
  input: { sync: string; run?: string | undefined },
  options: { csv: boolean; json: boolean },
): Promise<void> {
  const sync = await getResource(api, 'syncs', input.sync);
  const runId = (await runOf(api, sync, input.run)).id;
  const rows = api.follow(RejectedRow, `/syncs/${sync.id}/runs/${runId}/rows`, { result: 'rejected' });
  if (options.csv) {
    terminal.out(csvLine(['primary_key', 'change', 'reason_code', 'reason']));
    for await (const row of rows) terminal.out(csvLine(cellsOf(row)));
    return;
  }
  const most = options.json ? Number.POSITIVE_INFINITY : tableMax;
  const shown: RejectedRow[] = [];
  let more = false;
  for await (const row of rows) {
    more = shown.length >= most;
    if (more) break;
    shown.push(row);
  }
  if (options.json) {
    terminal.out(JSON.stringify(shown, null, 2));
    return;
  }
  if (shown.length === 0) terminal.note(`Run ${runId} of ${sync.slug} rejected no row.`);
  else for (const line of table(['KEY', 'CHANGE', 'CODE', 'REASON'], shown.map(cellsOf))) terminal.out(line);
  if (more) terminal.note(`There are more than ${tableMax.toLocaleString('en')}: use --csv for all of them.`);
}

const tableMax = 1_000;
const cellsOf = ({ key, class: change, code, message }: RejectedRow) => [key, change, code, message];

async function runOf(
  api: ApiClient,
  sync: { id: number; slug: string },
  wanted: string | undefined,
): Promise<{ id: number }> {
  if (wanted !== undefined) {
    const run = await getRun(api, wanted);
    if (run.syncId === sync.id) return run;
    const message = `Run ${run.id} is one of ${run.syncSlug}, not of ${sync.slug}.`;
    throw new SluiceError('not_found', message, {
      fix: `\`sluice list runs --sync ${sync.slug}\` shows which there are.`,
    });
  }
  const newest = await api.list(ApiRun, `/syncs/${sync.id}/runs`, { most: 20 });
  const ended = newest.find(({ status }) => isFinal(status));
  if (ended) return ended;
  throw new SluiceError('not_found', `No run of the sync "${sync.slug}" has ended yet.`, {
    fix: `Run it: \`sluice run ${sync.slug} --wait\`.`,
  });
}
