import {
  CreateWebhook,
  ListDeliveries,
  ResendDelivery,
  RotateWebhookSecret,
  UpdateWebhook,
} from '@sluice/domain/webhook';
import { createWebhook } from '@sluice/services/webhook/create-webhook';
import { listDeliveries } from '@sluice/services/webhook/list-deliveries';
import { listWebhooks } from '@sluice/services/webhook/list-webhooks';
import { removeWebhook } from '@sluice/services/webhook/remove-webhook';
import { resendDelivery } from '@sluice/services/webhook/resend-delivery';
import { rotateWebhookSecret } from '@sluice/services/webhook/rotate-webhook-secret';
import { testWebhook } from '@sluice/services/webhook/test-webhook';
import { updateWebhook } from '@sluice/services/webhook/update-webhook';
import { IdInput } from './id-input.ts';
import { router, workspaceProcedure } from './procedure.ts';

const manage = workspaceProcedure('webhook.manage');

export const webhookRouter = router({
  list: manage.query(({ ctx }) => listWebhooks(ctx.services, ctx.actor)),
  create: manage
    .input(CreateWebhook)
    .mutation(({ ctx, input }) => createWebhook(ctx.services, ctx.actor, input)),
  update: manage
    .input(UpdateWebhook)
    .mutation(({ ctx, input }) => updateWebhook(ctx.services, ctx.actor, input)),
  remove: manage.input(IdInput).mutation(({ ctx, input }) => removeWebhook(ctx.services, ctx.actor, input)),
  rotate: manage
    .input(RotateWebhookSecret)
    .mutation(({ ctx, input }) => rotateWebhookSecret(ctx.services, ctx.actor, input)),
  test: manage.input(IdInput).mutation(({ ctx, input }) => testWebhook(ctx.services, ctx.actor, input)),
  deliveries: manage
    .input(ListDeliveries)
    .query(({ ctx, input }) => listDeliveries(ctx.services, ctx.actor, input)),
  resend: manage
    .input(ResendDelivery)
    .mutation(({ ctx, input }) => resendDelivery(ctx.services, ctx.actor, input)),
});
