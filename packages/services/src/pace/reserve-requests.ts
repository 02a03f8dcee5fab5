import { Prisma } from '@sluice/db/generated/client';
import type { ServiceContext } from '../context.ts';
import type { PaceRule } from './request-schedule.ts';

/** A destination, as limits know it. */
export interface PacedDestination {
  readonly id: number;
  readonly workspaceId: number;
}

/** A limit and the name of the row that it shares with all limits over the same time. */
export interface NamedRule extends PaceRule {
  readonly name: string;
}

/**
 * Moves the schedules of a destination on by `count` requests, in one statement. Answers for each rule how far its
 * schedule was ahead of the database's clock before, in milliseconds. Limits over the same time share a schedule, and
 * each request moves it by what its own limit says.
 */
export async function reserveRequests(
  ctx: Pick<ServiceContext, 'db'>,
  destination: PacedDestination,
  rules: readonly NamedRule[],
  count: number,
): Promise<readonly number[]> {
  const asked = JSON.stringify(rules.map(({ name, intervalMs }) => ({ name, costMs: intervalMs * count })));
  // In the order of the names, so that two workers never wait for each other. The clock is read behind the lock.
  const statement = Prisma.sql`
    with asked as (
      select * from jsonb_to_recordset(${asked}::jsonb) as asked(name text, "costMs" float8)
    ), held as materialized (
      select name, free_at from destination_paces
      where destination_id = ${destination.id} and name in (select name from asked) order by name for update
    ), clock as materialized (
      select clock_timestamp() as now, count(*) as rows from held
    ), moved as (
      update destination_paces set free_at = greatest(destination_paces.free_at, clock.now)
        + asked."costMs" * interval '1 millisecond'
      from asked, clock
      where destination_paces.destination_id = ${destination.id} and destination_paces.name = asked.name
    )
    select name, extract(epoch from greatest(free_at, clock.now) - clock.now)::float8 * 1000 as ahead
    from held, clock`;
  for (;;) {
    const rows = await ctx.db.$queryRaw<{ name: string; ahead: number }[]>(statement);
    if (rows.length === rules.length) {
      return rules.map(({ name }) => rows.find((row) => row.name === name)?.ahead ?? 0);
    }
    await openSchedules(
      ctx,
      destination,
      rules.map(({ name }) => name),
    );
  }
}

async function openSchedules(
  ctx: Pick<ServiceContext, 'db'>,
  { id, workspaceId }: PacedDestination,
  names: readonly string[],
): Promise<void> {
  await ctx.db.destinationPace.createMany({
    data: names.map((name) => ({ destinationId: id, workspaceId, name })),
    skipDuplicates: true,
  });
}
