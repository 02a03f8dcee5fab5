import { Prisma } from '@sluice/db/generated/client';

/**
 * Adds runs that just ended to the totals of the installation. Part of the statement or transaction that ends them, and
 * last in it: the row of a status is shared by all workers. `ended` names rows of `runs`.
 */
export function countEndedRuns(ended: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    insert into run_totals (status, runs, delivered, rejected)
    select status, 1, ${total('delivered')}, ${total('rejected')} from ${ended} ended_run
    on conflict (status) do update set runs = run_totals.runs + excluded.runs,
      delivered = run_totals.delivered + excluded.delivered, rejected = run_totals.rejected + excluded.rejected`;
}

function total(outcome: 'delivered' | 'rejected'): Prisma.Sql {
  const counts = Prisma.raw(`counts -> '${outcome}'`);
  return Prisma.sql`coalesce((${counts} ->> 'added')::bigint + (${counts} ->> 'changed')::bigint
    + (${counts} ->> 'removed')::bigint, 0)`;
}
