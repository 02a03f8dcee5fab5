import type { Actor } from '@sluice/domain/actor';
import type { WebhookView } from '@sluice/domain/webhook';
import type { ServiceContext } from '../context.ts';
import { authoriseWebhooks } from './authorise-webhooks.ts';
import { webhookNotFound } from './get-endpoint.ts';
import { loadedWebhookView, webhookInclude } from './webhook-view.ts';

/** An endpoint with its last delivery and how many wait. Throws `not_found`. */
export async function getWebhook(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: { id: number },
): Promise<WebhookView> {
  authoriseWebhooks(actor);
  const row = await ctx.db.webhookEndpoint.findFirst({
    where: { id: input.id, workspaceId: actor.workspaceId },
    include: webhookInclude,
  });
  if (!row) throw webhookNotFound();
  return loadedWebhookView(row);
}
