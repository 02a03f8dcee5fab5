import { type Actor, authorise } from '@sluice/domain/actor';
import type { WebhookView } from '@sluice/domain/webhook';
import type { ServiceContext } from '../context.ts';
import { deliverySelect, deliveryView, webhookView } from './webhook-view.ts';

/** The workspace's endpoints, newest first, with their last delivery and how many wait. */
export async function listWebhooks(ctx: Pick<ServiceContext, 'db'>, actor: Actor): Promise<WebhookView[]> {
  authorise(actor, 'webhook.manage');
  const rows = await ctx.db.webhookEndpoint.findMany({
    where: { workspaceId: actor.workspaceId },
    orderBy: { id: 'desc' },
    include: {
      deliveries: { orderBy: { id: 'desc' }, take: 1, select: deliverySelect },
      _count: { select: { deliveries: { where: { state: 'pending' } } } },
    },
  });
  return rows.map(({ deliveries: [last], _count, ...row }) =>
    webhookView(row, _count.deliveries, last ? deliveryView(last) : null),
  );
}
