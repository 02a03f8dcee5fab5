import type { ServiceContext } from '../context.ts';
import type { PacedDestination } from './reserve-requests.ts';

const name = 'pause';

/** Tells all workers that nobody may start a request to the destination for so long. A longer pause stays. */
export async function announcePause(
  ctx: Pick<ServiceContext, 'db'>,
  { id, workspaceId }: PacedDestination,
  ms: number,
): Promise<void> {
  await ctx.db.$executeRaw`
    with paused as (
      insert into destination_paces (destination_id, name, workspace_id, free_at)
      values (${id}, ${name}, ${workspaceId}, clock_timestamp() + ${ms}::float8 * interval '1 millisecond')
      on conflict (destination_id, name)
        do update set free_at = greatest(destination_paces.free_at, excluded.free_at)
      returning destination_id
    ) select pg_notify('sluice_runs', 'pause:' || destination_id) from paused`;
}

/** How long the pause of a destination still lasts, in milliseconds; 0 = there is none. */
export async function readPause(ctx: Pick<ServiceContext, 'db'>, { id }: PacedDestination): Promise<number> {
  const [row] = await ctx.db.$queryRaw<{ ms: number }[]>`
    select extract(epoch from greatest(free_at, clock_timestamp()) - clock_timestamp())::float8 * 1000 as ms
    from destination_paces where destination_id = ${id} and name = ${name}`;
  return row?.ms ?? 0;
}
