import type { Actor } from '@sluice/domain/actor';
import type { Page } from '@sluice/domain/page';
import type { DeliveryView, ListDeliveries } from '@sluice/domain/webhook';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { integerCursor } from '../run/integer-cursor.ts';
import { authoriseWebhooks } from './authorise-webhooks.ts';
import { webhookNotFound } from './get-endpoint.ts';
import { deliverySelect, deliveryView } from './webhook-view.ts';

/** Deliveries of an endpoint, newest first. Throws `not_found`. */
export async function listDeliveries(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: z.output<typeof ListDeliveries>,
): Promise<Page<DeliveryView>> {
  authoriseWebhooks(actor);
  const where = { id: input.webhookId, workspaceId: actor.workspaceId };
  if (!(await ctx.db.webhookEndpoint.findFirst({ where, select: { id: true } }))) throw webhookNotFound();
  const after = integerCursor(input.cursor);
  const rows = await ctx.db.webhookDelivery.findMany({
    where: {
      workspaceId: actor.workspaceId,
      endpointId: input.webhookId,
      ...(after !== null && { id: { lt: after } }),
    },
    orderBy: { id: 'desc' },
    take: input.limit + 1,
    select: deliverySelect,
  });
  const items = rows.slice(0, input.limit).map(deliveryView);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > input.limit && last ? String(last.id) : null };
}
