import type { DeliveryState, DeliveryView, WebhookEvent, WebhookView } from '@sluice/domain/webhook';

interface EndpointRow {
  id: number;
  name: string;
  url: string;
  events: string[];
  disabled: boolean;
  previousExpiresAt: Date | null;
  createdBy: string;
  createdAt: Date;
}

/** What may be shown of an endpoint: everything but its secrets. */
export function webhookView(row: EndpointRow, pending: number, last: DeliveryView | null): WebhookView {
  const { id, name, url, disabled, createdBy, createdAt, previousExpiresAt } = row;
  return {
    id,
    name,
    url,
    events: row.events as WebhookEvent[],
    disabled,
    previousSecretUntil: previousExpiresAt && previousExpiresAt > new Date() ? previousExpiresAt : null,
    createdBy,
    createdAt,
    pending,
    last,
  };
}

/** Columns that make a DeliveryView; what was sent stays behind. */
export const deliverySelect = {
  id: true,
  eventId: true,
  event: true,
  runId: true,
  state: true,
  attempts: true,
  createdAt: true,
  lastAttemptAt: true,
  nextAttemptAt: true,
  lastStatus: true,
  lastAnswer: true,
} as const;

/** A delivery as people see it. */
export function deliveryView(
  row: Omit<DeliveryView, 'id' | 'event' | 'state' | 'nextAttemptAt'> & {
    id: bigint;
    event: string;
    state: string;
    nextAttemptAt: Date;
  },
): DeliveryView {
  return {
    ...row,
    id: Number(row.id),
    event: row.event as DeliveryView['event'],
    state: row.state as DeliveryState,
    nextAttemptAt: row.state === 'pending' ? row.nextAttemptAt : null,
  };
}
