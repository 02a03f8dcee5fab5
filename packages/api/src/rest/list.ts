import { z } from '@hono/zod-openapi';
import type { ResourcePage } from '@sluice/services/list/resource-page';
import { looseCount } from './loose.ts';

const text = z.string().max(400);

/** Query parameters that every list understands. At most 1,000 at once, 100 unless said otherwise. */
export const ListQuery = z.object({
  slug: text.optional(),
  limit: looseCount({ fallback: 100, max: 1_000 }),
  offset: looseCount({ fallback: 0, max: 1_000_000_000 }),
  orderBy: z.enum(['id', 'name', 'slug', 'createdAt', 'updatedAt']).default('id'),
});

/** The same for resources that have a name besides their slug. */
export const NamedListQuery = ListQuery.extend({ name: text.optional() });

/** The answer of every list. */
export const pageOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.object({ data: z.array(schema), hasMore: z.boolean() });

/** A page of a service as the contract writes it. */
export const pageJson = <View, Json>({ items, hasMore }: ResourcePage<View>, json: (view: View) => Json) => ({
  data: items.map(json),
  hasMore,
});
