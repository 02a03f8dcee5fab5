import { type Actor, authorise } from '@sluice/domain/actor';
import type { UpdateWebhook } from '@sluice/domain/webhook';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { checkUrl } from './check-url.ts';
import { getEndpoint } from './get-endpoint.ts';

/**
 * Changes an endpoint. What waits for it goes to its new address; a disabled one hears nothing, and what happens
 * meanwhile is not told later. Throws `not_found`, and for the address what `createWebhook` does.
 */
export async function updateWebhook(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof UpdateWebhook>,
): Promise<void> {
  authorise(actor, 'webhook.manage');
  const { id, ...given } = input;
  if (given.url !== undefined) {
    // First: ids of other workspaces answer the same, whatever address comes with them.
    await ctx.db.$transaction((tx) => getEndpoint(tx, actor, id));
    await checkUrl(ctx, given.url);
  }
  await ctx.db.$transaction(async (tx) => {
    const { name, url, events, disabled } = await getEndpoint(tx, actor, id);
    const before = { name, url, events, disabled };
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const changed = await tx.webhookEndpoint.update({ where: { id }, data: set });
    await audit(tx, actor, {
      action: 'webhook.update',
      subjectType: 'webhook',
      subjectId: id,
      subjectName: changed.name,
      changes: diff(before, { ...before, ...set }),
    });
  });
  await ctx.jobs.enqueue('webhook.send', {});
}
