import { z } from '@hono/zod-openapi';
import {
  CreateWebhook,
  type DeliveryView,
  deliveryStates,
  RotateWebhookSecret,
  testEvent,
  type WebhookView,
  webhookEvents,
} from '@sluice/domain/webhook';
import { looseBoolean } from './loose.ts';
import { readOnly } from './read-only.ts';

const time = z.iso.datetime();

export const WebhookJson = z
  .object({
    id: z.number().int(),
    workspaceId: z.number().int(),
    name: z.string(),
    url: z.string(),
    events: z.array(z.enum(webhookEvents)),
    disabled: z.boolean(),
    disabledReason: z.string().nullable().describe('Why Sluice disabled it by itself.'),
    failingSince: time.nullable().describe('Since when nothing was taken.'),
    previousSecretUntil: time.nullable().describe('Until then, the secret before the rotation signs too.'),
    pending: z.number().int().describe('Deliveries that wait.'),
    createdAt: time,
  })
  .openapi('Webhook');

export const NewWebhookJson = WebhookJson.extend({
  secret: z.string().describe('Signs every request. Only in this answer.'),
}).openapi('NewWebhook');

export const DeliveryJson = z
  .object({
    id: z.number().int(),
    eventId: z.guid().describe('What the receiver knows the event by.'),
    event: z.enum([...webhookEvents, testEvent]),
    runId: z.number().int().nullable(),
    state: z.enum(deliveryStates),
    attempts: z.number().int(),
    createdAt: time,
    lastAttemptAt: time.nullable(),
    nextAttemptAt: time.nullable(),
    lastStatus: z.number().int().nullable(),
    lastAnswer: z.string().nullable(),
  })
  .openapi('WebhookDelivery');

const { name, url, events } = CreateWebhook.shape;
const answered = readOnly(
  'id',
  'workspaceId',
  'disabledReason',
  'failingSince',
  'previousSecretUntil',
  'pending',
  'createdAt',
);

export const CreateWebhookJson = z.strictObject({ name, url, events, ...answered }).openapi('CreateWebhook');

export const UpdateWebhookJson = z
  .strictObject({
    name: name.optional(),
    url: url.optional(),
    events: events.optional(),
    disabled: looseBoolean.optional(),
    ...answered,
  })
  .openapi('UpdateWebhook');

export const RotateWebhookJson = RotateWebhookSecret.omit({ id: true }).openapi('RotateWebhookSecret');

/** An endpoint as the API writes it. */
export function webhookJson(workspaceId: number, view: WebhookView): z.infer<typeof WebhookJson> {
  const { id, name, url, events, disabled, disabledReason, pending } = view;
  return {
    id,
    workspaceId,
    name,
    url,
    events,
    disabled,
    disabledReason,
    failingSince: view.failingSince?.toISOString() ?? null,
    previousSecretUntil: view.previousSecretUntil?.toISOString() ?? null,
    pending,
    createdAt: view.createdAt.toISOString(),
  };
}

/** A delivery as the API writes it. */
export function deliveryJson(view: DeliveryView): z.infer<typeof DeliveryJson> {
  return {
    ...view,
    createdAt: view.createdAt.toISOString(),
    lastAttemptAt: view.lastAttemptAt?.toISOString() ?? null,
    nextAttemptAt: view.nextAttemptAt?.toISOString() ?? null,
  };
}
