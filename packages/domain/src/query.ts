import { z } from 'zod';

/** How a model gets its rows. Payload names are those of the REST contract. */
export const ModelQuery = z.discriminatedUnion('queryType', [
  z.strictObject({
    queryType: z.literal('raw_sql'),
    sql: z.string().trim().min(1, 'Write a SELECT.').max(200_000),
  }),
  z.strictObject({
    queryType: z.literal('table'),
    schema: z.string().min(1).max(200),
    table: z.string().min(1).max(200),
  }),
]);
export type ModelQuery = z.infer<typeof ModelQuery>;
