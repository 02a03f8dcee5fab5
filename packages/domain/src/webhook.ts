import { z } from 'zod';
import type { RunCounts } from './change.ts';
import { Id } from './id.ts';
import type { MissReason } from './missed-schedule.ts';
import { Name } from './name.ts';
import { PageInput } from './page.ts';
import type { PauseKind } from './sync-health.ts';

/**
 * What an endpoint can hear of. `run.failed` covers runs that were interrupted; `sync.paused` is sent once for a reason,
 * and `sync.resumed` when it is over.
 */
export const webhookEvents = [
  'run.started',
  'run.succeeded',
  'run.warning',
  'run.failed',
  'run.cancelled',
  'sync.paused',
  'sync.resumed',
  'schedule.missed',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];
/** Sent by hand, to any endpoint. */
export const testEvent = 'webhook.test';

const url = z
  .string()
  .trim()
  .max(2000, 'An address has at most 2,000 characters.')
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    message: 'Write a whole address, such as https://example.com/hooks/sluice.',
  })
  .refine((text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '', {
    message: 'Take the user name and password out of the address.',
  });
const events = z
  .array(z.enum(webhookEvents))
  .min(1, 'Choose at least one event.')
  .transform((chosen) => webhookEvents.filter((event) => chosen.includes(event)));

export const CreateWebhook = z.strictObject({ name: Name, url, events });
export const UpdateWebhook = z.strictObject({
  id: Id,
  name: Name.optional(),
  url: url.optional(),
  events: events.optional(),
  disabled: z.boolean().optional(),
});
export const RotateWebhookSecret = z.strictObject({
  id: Id,
  /** How long requests carry a signature by the secret of now as well. */
  overlapHours: z
    .number()
    .int()
    .min(0)
    .max(7 * 24)
    .default(24),
});
export const ListDeliveries = PageInput.extend({ webhookId: Id });
export const ResendDelivery = z.strictObject({ webhookId: Id, id: Id });

export interface WebhookView {
  id: number;
  name: string;
  url: string;
  events: WebhookEvent[];
  disabled: boolean;
  /** Why Sluice disabled it by itself; `null` when a person did, or it is not. */
  disabledReason: string | null;
  /** Since when every attempt has failed; `null` when the last one was taken. */
  failingSince: Date | null;
  /** Until then, requests carry a second signature by the secret before the last rotation. */
  previousSecretUntil: Date | null;
  createdBy: string;
  createdAt: Date;
  /** Deliveries that wait to be sent or sent again. */
  pending: number;
  last: DeliveryView | null;
}

/** An endpoint that has taken nothing for so many days, each event tried for 24 hours, is disabled. */
export const failingDaysMax = 5;

export const deliveryStates = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export interface DeliveryView {
  id: number;
  eventId: string;
  event: WebhookEvent | typeof testEvent;
  runId: number | null;
  /** `failed`: not taken within 24 hours. */
  state: DeliveryState;
  attempts: number;
  createdAt: Date;
  lastAttemptAt: Date | null;
  /** `null` once it was delivered or given up. */
  nextAttemptAt: Date | null;
  /** HTTP status of the last answer; `null` when there was none. */
  lastStatus: number | null;
  /** Beginning of the last answer, or why there was none. */
  lastAnswer: string | null;
}

/** The body of a delivery. Fields are only ever added within a version. */
export interface WebhookPayload {
  version: 1;
  /** The same for every attempt, so that receivers can tell repeats. */
  id: string;
  event: WebhookEvent | typeof testEvent;
  at: string;
  workspaceId: number;
  /** `null` in a test of a workspace without runs. */
  sync: {
    id: number;
    slug: string;
    modelId: number;
    model: string;
    destinationId: number;
    destination: string;
    destinationType: string;
  } | null;
  /** `null` in events about a sync. */
  run: {
    id: number;
    status: string;
    trigger: string;
    triggeredBy: string;
    resync: string;
    createdAt: string;
    startedAt: string | null;
    finishedAt: string | null;
    counts: RunCounts;
    error: { code: string; message: string; fix: string } | null;
    /** The run in the console. */
    url: string;
  } | null;
  /** In `sync.paused` why the schedule holds still, in `sync.resumed` why it did. */
  pause: {
    kind: PauseKind;
    /** What has to change for it to go on; `null` where time alone is needed. */
    waitsFor: string | null;
    code: string | null;
    message: string;
    fix: string;
    runId: number | null;
    since: string;
    /** When it goes on by itself; `null` = not before something changes. */
    until: string | null;
  } | null;
  /** In `schedule.missed`: when no run was started, and why. Sent when it begins. */
  missed: { reason: MissReason; firstAt: string; lastAt: string; times: number } | null;
}
