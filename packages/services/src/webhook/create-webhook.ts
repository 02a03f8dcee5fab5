import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { CreateWebhook, WebhookView } from '@sluice/domain/webhook';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { authoriseWebhooks } from './authorise-webhooks.ts';
import { checkUrl } from './check-url.ts';
import { newWebhookSecret, sealWebhookSecret } from './webhook-secret.ts';
import { webhookView } from './webhook-view.ts';

const webhooksMax = 20;

/**
 * An endpoint that hears of the workspace's runs from now on. Its secret is only in this answer. Throws
 * `egress_refused` for private addresses, `input_invalid` beyond 20 endpoints and for unknown hosts.
 */
export async function createWebhook(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof CreateWebhook>,
): Promise<{ webhook: WebhookView; secret: string }> {
  authoriseWebhooks(actor);
  const { workspaceId } = actor;
  await checkUrl(ctx, input.url);
  const secret = newWebhookSecret();
  // The id is part of what seals the secret, so it is drawn before the row exists.
  const [next] = await ctx.db.$queryRaw<{ id: number }[]>`
    select nextval(pg_get_serial_sequence('webhook_endpoints', 'id'))::int as id`;
  if (!next) throw new Error('no sequence for webhook_endpoints');
  const sealed = await sealWebhookSecret(ctx, { workspaceId, id: next.id }, secret);
  return ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`select 1 from workspaces where id = ${workspaceId} for update`;
    if ((await tx.webhookEndpoint.count({ where: { workspaceId } })) >= webhooksMax) {
      throw new SluiceError('input_invalid', `A workspace has at most ${webhooksMax} webhooks.`, {
        fix: 'Remove one that is no longer needed.',
      });
    }
    const { name, url, events } = input;
    const created = await tx.webhookEndpoint.create({
      data: {
        id: next.id,
        workspaceId,
        name,
        url,
        events,
        secret: sealed,
        createdBy: actor.identity.name,
      },
    });
    await audit(tx, actor, {
      action: 'webhook.create',
      subjectType: 'webhook',
      subjectId: next.id,
      subjectName: name,
      changes: diff({}, { name, url, events }),
    });
    return { webhook: webhookView(created, 0, null), secret };
  });
}
