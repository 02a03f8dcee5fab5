import type { ServiceContext } from '../context.ts';
import { type ClaimedDelivery, claimDeliveries } from './claim-deliveries.ts';
import { answerMs, sendDelivery } from './send-delivery.ts';

export interface WebhookSender {
  /** Looks for due deliveries soon; many wakes are one look. */
  wake(): void;
  /** Takes no more; those on their way may end within `withinMs`, then they are cut and sent again by the next worker. */
  stop(options: { withinMs: number }): Promise<void>;
}

const lookMs = 5_000;
const gatherMs = 100;
/** After a look that found nothing: where many runs end that nobody wants to hear of, each would cause one. */
const quietMs = 1_000;
const slots = 32;
const perEndpoint = 2;

/**
 * Sends what is due to webhooks, beside the runs and without a hold on them: runs only write rows. Every worker does;
 * rows are locked while they are taken.
 */
export function startWebhookSender(ctx: ServiceContext): WebhookSender {
  const sending = new Map<bigint, { endpointId: number; done: Promise<void> }>();
  const abort = new AbortController();
  let stopped = false;
  let looking: Promise<void> | null = null;
  let again = false;
  let soon: NodeJS.Timeout | undefined;
  let soonAt = Number.POSITIVE_INFINITY;
  let quietUntil = Number.NEGATIVE_INFINITY;

  const send = (delivery: ClaimedDelivery) => {
    const done = sendDelivery(ctx, delivery, abort.signal)
      .catch((error) => {
        if (abort.signal.aborted) return;
        ctx.log.warn({ err: error, webhookId: delivery.endpointId }, 'a webhook is sent again later');
      })
      .finally(() => {
        sending.delete(delivery.id);
        wake();
      });
    sending.set(delivery.id, { endpointId: delivery.endpointId, done });
  };
  const look = async () => {
    try {
      do {
        again = false;
        const free = slots - sending.size;
        if (free < 1) return;
        const busy = [...new Set([...sending.values()].map(({ endpointId }) => endpointId))];
        // Connecting and writing the outcome come on top of the wait for the answer.
        const claimMs = answerMs + ctx.settings.connectMs + 10_000;
        const claimed = await claimDeliveries(ctx, { slots: free, perEndpoint, busy, claimMs });
        quietUntil = performance.now() + (claimed.length > 0 ? 0 : quietMs);
        for (const delivery of claimed) send(delivery);
      } while (again && !stopped);
    } catch (error) {
      ctx.log.warn({ err: error }, 'looking for due webhooks failed; trying again');
    }
  };
  const lookNow = () => {
    soon = undefined;
    soonAt = Number.POSITIVE_INFINITY;
    if (stopped) return;
    if (looking) {
      again = true;
      return;
    }
    looking = look().finally(() => {
      looking = null;
    });
  };
  function wake(at = performance.now() + gatherMs): void {
    if (stopped || soonAt <= at) return;
    clearTimeout(soon);
    soonAt = at;
    soon = setTimeout(lookNow, at - performance.now());
  }
  /** A run changed, which may be of interest to somebody. */
  const wakePerhaps = () => wake(Math.max(performance.now() + gatherMs, quietUntil));

  const timer = setInterval(() => wake(), lookMs);
  const unsubscribe = ctx.notifications.subscribe(({ kind }) => {
    if (kind === 'run') wakePerhaps();
    if (kind === 'reconnected') wake();
  });
  wake();

  return {
    wake: () => wake(),
    async stop({ withinMs }) {
      stopped = true;
      unsubscribe();
      clearInterval(timer);
      clearTimeout(soon);
      await looking;
      const cut = setTimeout(() => abort.abort(new Error('the worker is stopping')), withinMs);
      await Promise.all([...sending.values()].map(({ done }) => done));
      clearTimeout(cut);
    },
  };
}
