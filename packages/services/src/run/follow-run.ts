import { type Actor, authorise } from '@sluice/domain/actor';
import type { RunEvent, RunView } from '@sluice/domain/run';
import { isFinal } from '@sluice/domain/run-status';
import type { ServiceContext } from '../context.ts';
import { getRun } from './get-run.ts';
import { readEvents } from './list-events.ts';

export type FollowedItem =
  | { readonly type: 'event'; readonly event: RunEvent }
  | { readonly type: 'run'; readonly run: RunView };

/** An item with the id of the last log line that came with or before it: a reader resumes after it without a gap. */
export interface Followed {
  readonly position: number;
  readonly item: FollowedItem;
}

/** Without notices (their connection is lost) the reader looks this often. */
const lookMs = 2_000;
const pageSize = 500;

/**
 * Everything about a run as it happens: its log from the start (or after `after`), and the run itself whenever it
 * changes. Ends after the run has ended, or when the signal aborts. Throws `not_found`.
 */
export async function* followRun(
  ctx: ServiceContext,
  actor: Actor,
  input: { runId: number; after?: number },
  signal: AbortSignal,
): AsyncGenerator<Followed> {
  authorise(actor, 'run.read');
  let position = input.after ?? 0;
  let shown = '';
  const bell = createBell(signal);
  const unsubscribe = ctx.notifications.subscribe(({ kind, runId }) => {
    if (kind === 'reconnected' || runId === input.runId) bell.ring();
  });
  try {
    while (!signal.aborted) {
      // The run first: when it says that it has ended, all its lines are there already.
      const run = await getRun(ctx, actor, { id: input.runId });
      for (;;) {
        const events = await readEvents(ctx, actor.workspaceId, {
          runId: input.runId,
          after: position,
          limit: pageSize,
        });
        for (const event of events) {
          position = event.id;
          yield { position, item: { type: 'event', event } };
        }
        if (events.length < pageSize) break;
      }
      const state = JSON.stringify(run);
      if (state !== shown) yield { position, item: { type: 'run', run } };
      shown = state;
      if (isFinal(run.status)) return;
      await bell.wait(lookMs);
    }
  } finally {
    unsubscribe();
    bell.close();
  }
}

/** Remembers that it rang while nobody waited, so that no notice is missed between a look and the wait. */
function createBell(signal: AbortSignal) {
  let rang = false;
  let wake: (() => void) | null = null;
  const ring = () => {
    rang = true;
    wake?.();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    async wait(ms: number): Promise<void> {
      if (!rang && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = null;
      rang = false;
    },
    close: () => signal.removeEventListener('abort', ring),
  };
}
