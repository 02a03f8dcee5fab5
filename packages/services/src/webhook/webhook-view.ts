import type { DeliveryState, DeliveryView, WebhookEvent, WebhookView } from '@sluice/domain/webhook';

interface EndpointRow {
  id: number;
  name: string;
  url: string;
  events: string[];
  disabled: boolean;
  disabledReason: string | null;
  failingSince: Date | null;
  previousExpiresAt: Date | null;
  createdBy: string;
  createdAt: Date;
}

/** What may be shown of an endpoint: everything but its secrets. */
export function webhookView(row: EndpointRow, pending: number, last: DeliveryView | null): WebhookView {
  const { id, name, url, disabled, disabledReason, failingSince, createdBy, createdAt, previousExpiresAt } =
    row;
  return {
    id,
    name,
    url,
    events: row.events as WebhookEvent[],
    disabled,
    disabledReason,
    failingSince,
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

/** What an endpoint is loaded with to be shown. */
export const webhookInclude = {
  deliveries: { orderBy: { id: 'desc' }, take: 1, select: deliverySelect },
  _count: { select: { deliveries: { where: { state: 'pending' } } } },
} as const;

/** An endpoint loaded like that. */
export function loadedWebhookView(
  row: EndpointRow & { deliveries: DeliveryRow[]; _count: { deliveries: number } },
): WebhookView {
  const [last] = row.deliveries;
  return webhookView(row, row._count.deliveries, last ? deliveryView(last) : null);
}

type DeliveryRow = Parameters<typeof deliveryView>[0];

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
