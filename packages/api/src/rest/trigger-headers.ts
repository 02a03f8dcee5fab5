import { z } from '@hono/zod-openapi';

/** Headers of everything that starts a run. */
export const TriggerHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'Send 1 to 255 printable ASCII characters.')
    .optional()
    .openapi({
      description:
        'Any text of the caller. The same key of the same token answers the same run for 24 hours, even after that run has ended.',
      example: 'dbt-build-2026-11-22',
    }),
});

/** The key of a request that starts a run, as the service takes it. */
export const keyOf = (req: { valid(target: 'header'): z.infer<typeof TriggerHeaders> }) => ({
  key: req.valid('header')['idempotency-key'],
});
