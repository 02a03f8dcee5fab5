import { EgressFailure } from '@sluice/connectors/kit/egress-failure';
import { retryAfterMs } from '@sluice/connectors/kit/retry-after';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';
import type { ClaimedDelivery } from './claim-deliveries.ts';
import { noteAttempt } from './note-attempt.ts';
import { signPayload } from './sign-payload.ts';
import { webhookPayload } from './webhook-payload.ts';
import { openWebhookSecrets } from './webhook-secret.ts';

/** A receiver that needs longer is asked again later. */
export const answerMs = 10_000;
const giveUpMs = 24 * 3_600_000;
const firstDelayMs = 10_000;
const delayMsMax = 3_600_000;
const answerBytesMax = 4_096;
const answerLengthMax = 500;

interface Answer {
  readonly status: number | null;
  readonly text: string;
  /** How long the receiver asked to be left alone, in milliseconds. */
  readonly pauseMs?: number | undefined;
}

/**
 * Sends a claimed delivery once and keeps the outcome: any 2xx takes it; after anything else it is due again, later each
 * time and not before the receiver asked for (`Retry-After`), until 24 hours have passed. Throws only when Postgres cannot be reached, which leaves it to the next claim, and
 * when the signal aborts.
 */
export async function sendDelivery(
  ctx: ServiceContext,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<void> {
  const answer = await post(ctx, delivery, signal);
  const taken = answer.status !== null && answer.status >= 200 && answer.status < 300;
  const delayMs = Math.max(retryDelay(delivery.attempts), answer.pauseMs ?? 0);
  const late = Date.now() + delayMs > delivery.createdAt.getTime() + giveUpMs;
  const state = taken ? 'delivered' : late ? 'failed' : 'pending';
  const text = storable(ctx.secrets.redact(answer.text)).slice(0, answerLengthMax);
  // An attempt that took so long that another worker began the next one has nothing to say any more.
  const noted = await ctx.db.$executeRaw`
    update webhook_deliveries set state = ${state}, last_status = ${answer.status}::int, last_answer = ${text},
      next_attempt_at = now() + ${delayMs}::float8 * interval '1 millisecond'
    where id = ${delivery.id} and attempts = ${delivery.attempts} and state = 'pending'`;
  const { workspaceId, endpointId, event, attempts } = delivery;
  if (noted > 0) await noteAttempt(ctx, { workspaceId, endpointId, state, status: answer.status, text });
  const said = { workspaceId, webhookId: endpointId, event, attempts, status: answer.status };
  if (state === 'failed') ctx.log.warn(said, 'a webhook was given up after 24 hours');
  else ctx.log.debug({ ...said, state }, 'webhook sent');
}

async function post(ctx: ServiceContext, delivery: ClaimedDelivery, signal: AbortSignal): Promise<Answer> {
  const body = JSON.stringify(webhookPayload(delivery, ctx.settings.publicUrl));
  try {
    const secrets = await openWebhookSecrets(ctx, { ...delivery, id: delivery.endpointId });
    const response = await ctx.egress.request({
      method: 'POST',
      url: delivery.url,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Sluice-Webhooks/1',
        'sluice-event': delivery.event,
        'sluice-delivery': delivery.eventId,
        'sluice-signature': signPayload(secrets, body, new Date()),
      },
      body,
      timeoutMs: answerMs,
      bodyBytesMax: answerBytesMax,
      signal,
    });
    const pauseMs = retryAfterMs(response.headers['retry-after'], Date.now(), giveUpMs);
    return { status: response.status, text: response.body, pauseMs };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    if (thrown instanceof EgressFailure || thrown instanceof SluiceError) {
      return { status: null, text: thrown.message };
    }
    ctx.log.error({ err: thrown, webhookId: delivery.endpointId }, 'a webhook could not be sent');
    return { status: null, text: 'Sluice could not send this. The log of the worker says why.' };
  }
}

/** 10 s, 20 s, 40 s … one hour, and up to half of it less, so that receivers coming back are not flooded. */
export function retryDelay(attempts: number): number {
  const delayMs = Math.min(delayMsMax, firstDelayMs * 2 ** Math.min(attempts - 1, 20));
  return delayMs * (0.5 + Math.random() / 2);
}

/** Without the one character that Postgres cannot keep. */
const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');
