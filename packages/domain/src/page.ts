import { z } from 'zod';

/** Keyset paging: `cursor` is the opaque end of the page before. */
export const PageInput = z.strictObject({
  cursor: z.string().max(200).nullish(),
  /** Infinite queries of the console say which way they page; there is only one. */
  direction: z.literal('forward').optional(),
  limit: z.number().int().min(1).max(100).default(50),
});

export interface Page<Item> {
  items: Item[];
  /** `null` on the last page. */
  nextCursor: string | null;
}
