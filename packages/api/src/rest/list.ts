import { z } from '@hono/zod-openapi';
import { looseCount } from './loose.ts';

export interface Listed {
  readonly id: number;
  readonly slug: string;
  readonly name?: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Query parameters that every list understands. At most 1,000 at once, 100 unless said otherwise. */
export const ListQuery = z.object({
  slug: z.string().optional(),
  limit: looseCount({ fallback: 100, max: 1_000 }),
  offset: looseCount({ fallback: 0, max: 1_000_000_000 }),
  orderBy: z.enum(['id', 'name', 'slug', 'createdAt', 'updatedAt']).default('id'),
});

/** The answer of every list. */
export const pageOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.object({ data: z.array(schema), hasMore: z.boolean() });

/** A page of a workspace's resources, ascending. */
export function pageFrom<Item extends Listed>(
  items: readonly Item[],
  query: z.infer<typeof ListQuery> & { name?: string | undefined },
): { data: Item[]; hasMore: boolean } {
  const wanted = items.filter(
    (item) =>
      (query.slug === undefined || item.slug === query.slug) &&
      (query.name === undefined || item.name === query.name),
  );
  const rank = (item: Item) => item[query.orderBy] ?? '';
  wanted.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : a.id - b.id));
  const end = query.offset + query.limit;
  return { data: wanted.slice(query.offset, end), hasMore: wanted.length > end };
}
