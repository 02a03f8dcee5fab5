import { z } from '@hono/zod-openapi';
import { looseId } from './loose.ts';

const parameter = (name: string) => looseId.openapi({ param: { name, in: 'path' } });

/** `/{id}` */
export const IdParameters = z.object({ id: parameter('id') });

/** `/{id}/runs/{runId}` */
export const RunParameters = z.object({ id: parameter('id'), runId: parameter('runId') });

/** `/{id}/deliveries/{deliveryId}` */
export const DeliveryParameters = z.object({ id: parameter('id'), deliveryId: parameter('deliveryId') });

/** `/{id}/rows/{key}`: the primary key, percent-encoded. */
export const RowParameters = z.object({
  id: parameter('id'),
  key: z
    .string()
    .max(4_000)
    .openapi({ param: { name: 'key', in: 'path' }, example: '1042' }),
});
