import type { ServiceContext } from '../context.ts';
import { grantPlaces, type Holder, type PlaceRequest } from './grant-places.ts';
import type { PacedDestination } from './reserve-requests.ts';

/**
 * Asks for places at a destination that takes `atOnce` requests at once, or gives them back (`wanted` 0). Answers how
 * many this worker may use until its lease ends.
 */
export async function holdPlaces(
  ctx: Pick<ServiceContext, 'db'>,
  destination: PacedDestination,
  atOnce: number,
  request: PlaceRequest,
): Promise<number> {
  for (;;) {
    const [found] = await ctx.db.$queryRaw<
      { holders: Record<string, Holder>; version: number; now: number }[]
    >`
      select holders, version, extract(epoch from clock_timestamp())::float8 * 1000 as now
      from destination_places where destination_id = ${destination.id} and at_once = ${atOnce}`;
    if (!found) {
      if (request.wanted === 0) return 0;
      await ctx.db.destinationPlaces.createMany({
        data: [{ destinationId: destination.id, atOnce, workspaceId: destination.workspaceId }],
        skipDuplicates: true,
      });
      continue;
    }
    const { holders, granted } = grantPlaces(found.holders, atOnce, request, found.now);
    const written = await ctx.db.$executeRaw`
      update destination_places set holders = ${JSON.stringify(holders)}::jsonb, version = version + 1
      where destination_id = ${destination.id} and at_once = ${atOnce} and version = ${found.version}`;
    if (written === 1) return granted;
    // Another worker was faster: look again at what it left.
  }
}
