import type { ErrorView } from '@sluice/domain/error';
import type { WebhookPayload } from '@sluice/domain/webhook';
import { runCountsOf } from '../run/run-view.ts';

type Run = NonNullable<WebhookPayload['run']>;

/** What `queueDeliveries` keeps of a run; times as Postgres writes them into JSON. */
export interface DeliverySnapshot {
  readonly at: string;
  readonly workspaceSlug: string;
  readonly sync: WebhookPayload['sync'];
  /** Events about a sync: why its schedule holds still, which times it missed. */
  readonly pause?: NonNullable<WebhookPayload['pause']>;
  readonly missed?: NonNullable<WebhookPayload['missed']>;
  readonly run: (Omit<Run, 'counts' | 'error' | 'url'> & { counts: unknown; error: ErrorView | null }) | null;
}

/** The body of a delivery, the same for every attempt. */
export function webhookPayload(
  delivery: { eventId: string; event: string; workspaceId: number; snapshot: unknown },
  publicUrl: string,
): WebhookPayload {
  const { at, workspaceSlug, sync, run, pause, missed } = delivery.snapshot as DeliverySnapshot;
  return {
    version: 1,
    id: delivery.eventId,
    event: delivery.event as WebhookPayload['event'],
    at: isoTime(at),
    workspaceId: delivery.workspaceId,
    sync: sync && {
      id: sync.id,
      slug: sync.slug,
      modelId: sync.modelId,
      model: sync.model,
      destinationId: sync.destinationId,
      destination: sync.destination,
      destinationType: sync.destinationType,
    },
    run: run && {
      id: run.id,
      status: run.status,
      trigger: run.trigger,
      triggeredBy: run.triggeredBy,
      resync: run.resync,
      createdAt: isoTime(run.createdAt),
      startedAt: run.startedAt && isoTime(run.startedAt),
      finishedAt: run.finishedAt && isoTime(run.finishedAt),
      counts: runCountsOf(run.counts),
      error: run.error && { code: run.error.code, message: run.error.message, fix: run.error.fix },
      url: `${publicUrl}/${workspaceSlug}/runs/${run.id}`,
    },
    pause: pause
      ? { ...pause, since: isoTime(pause.since), until: pause.until && isoTime(pause.until) }
      : null,
    missed: missed ? { ...missed, firstAt: isoTime(missed.firstAt), lastAt: isoTime(missed.lastAt) } : null,
  };
}

const isoTime = (text: string): string => new Date(text).toISOString();
