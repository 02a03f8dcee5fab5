import type { Actor } from '@sluice/domain/actor';
import type { UpdateWebhook } from '@sluice/domain/webhook';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { authoriseWebhooks } from './authorise-webhooks.ts';
import { checkUrl } from './check-url.ts';
import { getEndpoint } from './get-endpoint.ts';

/**
 * Changes an endpoint. What waits for it goes to its new address; a disabled one hears nothing, and what happens
 * meanwhile is not told later. Enabling it, or another address, begins its count of failures anew. Throws
 * `not_found`, and for the address what `createWebhook` does.
 */
export async function updateWebhook(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof UpdateWebhook>,
): Promise<void> {
  authoriseWebhooks(actor);
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
    const changed = await tx.webhookEndpoint.update({
      where: { id },
      data: { ...set, ...forgotten(before, set) },
    });
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

/** What Sluice noted about failures means nothing for another address, or once a person has decided. */
function forgotten(before: Given, set: Given) {
  const decided = set.disabled !== undefined && set.disabled !== before.disabled;
  const moved = set.url !== undefined && set.url !== before.url;
  return { ...((decided || moved) && { failingSince: null }), ...(decided && { disabledReason: null }) };
}

interface Given {
  readonly url?: string | undefined;
  readonly disabled?: boolean | undefined;
}
