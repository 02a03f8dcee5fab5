import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '@sluice/domain/run-status';
import { z } from 'zod';
import type { ApiClient } from '../api/api-client.ts';
import { getRun } from '../api/get-run.ts';
import { plainText } from '../plain-text.ts';
import type { Terminal } from '../terminal.ts';

const EventPage = z.object({
  data: z.array(
    z
      .object({ id: z.number(), at: z.string(), level: z.string(), stage: z.string(), message: z.string() })
      .loose(),
  ),
  hasMore: z.boolean(),
  /** Also on the last page: asked again with it, a run that goes on answers what came since. */
  nextCursor: z.string().nullable(),
});

/**
 * `sluice logs`: what a run wrote down, oldest first; with `follow` also what it goes on to write, until its end. With
 * `json`, one object a line. Throws `not_found`, `input_invalid`.
 */
export async function logs(
  api: ApiClient,
  terminal: Terminal,
  reference: string,
  options: { follow: boolean; json: boolean },
): Promise<void> {
  const run = await getRun(api, reference);
  const path = `/syncs/${run.syncId}/runs/${run.id}/events`;
  let cursor: string | undefined;
  let ended = isFinal(run.status);
  for (;;) {
    const page = await api.send(EventPage, path, { query: { cursor, limit: 100 } });
    cursor = page.nextCursor ?? cursor;
    for (const event of page.data) {
      if (options.json) terminal.out(JSON.stringify(event));
      else
        terminal.out(
          `${event.at}  ${event.level.padEnd(7)}  ${event.stage.padEnd(7)}  ${plainText(event.message)}`,
        );
    }
    if (page.hasMore) continue;
    if (ended || !options.follow) return;
    await sleep(1_000);
    // Asked before the next page, so that the last lines of the run are still read.
    ended = isFinal((await getRun(api, run.id)).status);
  }
}
