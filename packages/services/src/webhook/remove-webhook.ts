import type { Actor } from '@sluice/domain/actor';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { authoriseWebhooks } from './authorise-webhooks.ts';
import { getEndpoint } from './get-endpoint.ts';

/** Removes an endpoint with its deliveries, those that wait included. Throws `not_found`. */
export async function removeWebhook(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<void> {
  authoriseWebhooks(actor);
  await ctx.db.$transaction(async (tx) => {
    const { id, name, url } = await getEndpoint(tx, actor, input.id);
    await tx.webhookEndpoint.delete({ where: { id } });
    await audit(tx, actor, {
      action: 'webhook.remove',
      subjectType: 'webhook',
      subjectId: id,
      subjectName: name,
      changes: { url: [url, null] },
    });
  });
}
