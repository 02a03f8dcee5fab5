import type { Actor } from '@sluice/domain/actor';
import type { WebhookView } from '@sluice/domain/webhook';
import type { ServiceContext } from '../context.ts';
import { authoriseWebhooks } from './authorise-webhooks.ts';
import { loadedWebhookView, webhookInclude } from './webhook-view.ts';

/** The workspace's endpoints, newest first, with their last delivery and how many wait. */
export async function listWebhooks(ctx: Pick<ServiceContext, 'db'>, actor: Actor): Promise<WebhookView[]> {
  authoriseWebhooks(actor);
  const rows = await ctx.db.webhookEndpoint.findMany({
    where: { workspaceId: actor.workspaceId },
    orderBy: { id: 'desc' },
    include: webhookInclude,
  });
  return rows.map(loadedWebhookView);
}
