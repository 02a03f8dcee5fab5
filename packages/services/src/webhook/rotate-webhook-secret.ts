import type { Actor } from '@sluice/domain/actor';
import type { RotateWebhookSecret } from '@sluice/domain/webhook';
import type { z } from 'zod';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { authoriseWebhooks } from './authorise-webhooks.ts';
import { getEndpoint } from './get-endpoint.ts';
import { newWebhookSecret, sealWebhookSecret } from './webhook-secret.ts';

/**
 * A new secret for an endpoint, only in this answer. For `overlapHours` requests carry a signature by the old one as
 * well, so that the receiver can change over in its own time. Throws `not_found`.
 */
export async function rotateWebhookSecret(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof RotateWebhookSecret>,
): Promise<{ secret: string }> {
  authoriseWebhooks(actor);
  const secret = newWebhookSecret();
  const sealed = await sealWebhookSecret(ctx, { workspaceId: actor.workspaceId, id: input.id }, secret);
  await ctx.db.$transaction(async (tx) => {
    const before = await getEndpoint(tx, actor, input.id);
    const until = input.overlapHours === 0 ? null : new Date(Date.now() + input.overlapHours * 3_600_000);
    await tx.webhookEndpoint.update({
      where: { id: before.id },
      data: { secret: sealed, previousSecret: until && before.secret, previousExpiresAt: until },
    });
    await audit(tx, actor, {
      action: 'webhook.rotate',
      subjectType: 'webhook',
      subjectId: before.id,
      subjectName: before.name,
      changes: { previousSecretSignsUntil: [null, until] },
    });
  });
  return { secret };
}
