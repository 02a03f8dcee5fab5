import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { ResendDelivery } from '@sluice/domain/webhook';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { authoriseWebhooks } from './authorise-webhooks.ts';

/**
 * Sends an event again that has been delivered or given up: the same id and content, as a new delivery. One that waits
 * is sent now. Throws `not_found`.
 */
export async function resendDelivery(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof ResendDelivery>,
): Promise<void> {
  authoriseWebhooks(actor);
  const { workspaceId } = actor;
  const [found] = await ctx.db.$queryRaw<{ id: bigint }[]>`
    with asked as (
      select * from webhook_deliveries
      where id = ${input.id}::bigint and endpoint_id = ${input.webhookId} and workspace_id = ${workspaceId} for update
    ), hurried as (
      -- An attempt that may be on its way keeps its time.
      update webhook_deliveries delivery set next_attempt_at = now() from asked
      where delivery.id = asked.id and asked.state = 'pending' and asked.last_attempt_at < now() - interval '30 seconds'
    ), copied as (
      insert into webhook_deliveries (workspace_id, endpoint_id, event_id, event, run_id, snapshot)
      select workspace_id, endpoint_id, event_id, event, run_id, snapshot from asked where state <> 'pending'
    ) select id from asked`;
  if (!found) throw new SluiceError('not_found', 'There is no such delivery in this workspace.');
  await ctx.jobs.enqueue('webhook.send', {});
}
