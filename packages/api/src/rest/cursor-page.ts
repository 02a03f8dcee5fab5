import { z } from '@hono/zod-openapi';
import { looseCount } from './loose.ts';

/** Query parameters of lists that grow while they are read: paged by position instead of by number. */
export const CursorQuery = z.object({
  limit: looseCount({ fallback: 100, min: 1, max: 100 }),
  cursor: z.string().max(200).optional().describe('`nextCursor` of the page before.'),
});

/** The answer of such a list. */
export const cursorPageOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.object({ data: z.array(schema), hasMore: z.boolean(), nextCursor: z.string().nullable() });
