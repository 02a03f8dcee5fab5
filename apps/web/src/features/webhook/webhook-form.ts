import { CreateWebhook } from '@sluice/domain/webhook';
import type { z } from 'zod';

/** The form for an endpoint: what the API takes. */
export const WebhookForm = CreateWebhook;
export type WebhookForm = z.input<typeof CreateWebhook>;
