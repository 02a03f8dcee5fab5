/** How the REST contract asks for a part of a workspace's resources. */
export interface ResourcePageInput {
  readonly slug?: string | undefined;
  readonly name?: string | undefined;
  readonly orderBy: 'id' | 'name' | 'slug' | 'createdAt' | 'updatedAt';
  readonly limit: number;
  readonly offset: number;
}

/** A part of a list, ascending, and whether more follow. */
export interface ResourcePage<Item> {
  readonly items: Item[];
  readonly hasMore: boolean;
}

/**
 * The database's part of a page: an order that ends with the id, so that pages neither repeat nor skip a row, one row
 * more than asked for, and the filters that all resources share. Every order has an index that begins with the workspace.
 */
export function pageQuery({ slug, name, orderBy, limit, offset }: ResourcePageInput) {
  return {
    filters: { ...(slug !== undefined && { slug }), ...(name !== undefined && { name }) },
    window: {
      orderBy: orderBy === 'id' ? [{ id: asc }] : [{ [orderBy]: asc }, { id: asc }],
      skip: offset,
      take: limit + 1,
    },
  };
}

/** Takes the extra row off again. */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
): ResourcePage<Item> {
  return { items: rows.slice(0, limit).map(view), hasMore: rows.length > limit };
}

const asc = 'asc' as const;
