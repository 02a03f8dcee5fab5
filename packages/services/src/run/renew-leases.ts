import { activeStatuses } from '@sluice/domain/run-status';
import type { ServiceContext } from '../context.ts';

export interface HeldRun {
  readonly id: number;
  readonly epoch: number;
}

export interface RenewedRun extends HeldRun {
  readonly cancelRequested: boolean;
}

/** Extends the leases of these runs. A run that is missing in the answer belongs to somebody else, or has ended. */
export async function renewLeases(ctx: ServiceContext, held: readonly HeldRun[]): Promise<RenewedRun[]> {
  return ctx.db.$queryRaw<RenewedRun[]>`
    update runs set lease_until = now() + ${ctx.settings.leaseMs}::float8 * interval '1 millisecond'
    from jsonb_to_recordset(${JSON.stringify(held)}::jsonb) as held(id int, epoch int)
    where runs.id = held.id and runs.epoch = held.epoch and status = any(${[...activeStatuses]})
    returning runs.id, runs.epoch, cancel_requested_at is not null as "cancelRequested"`;
}

/**
 * Gives a run up so that another worker takes it at once; with `unanswered` requests, as soon as none of them can still
 * arrive.
 */
export async function releaseLease(
  ctx: ServiceContext,
  { id, epoch }: HeldRun,
  options: { unanswered: boolean },
): Promise<void> {
  await ctx.db.$executeRaw`
    with released as (
      update runs set owner = null, lease_until = case when ${options.unanswered} then now() end,
        claims = greatest(claims - 1, 0)
      where id = ${id} and epoch = ${epoch} and status = any(${[...activeStatuses]}) returning id
    ) select pg_notify('sluice_runs', 'queued:' || id)::text from released`;
}

/** Owner of a run that waits for a destination: nobody has to hold it before its lease ends, and a cancel does not wait. */
export const parked = 'parked';

/** Gives a run up for so long: the destination asked for a pause, and nothing is on its way. */
export async function parkLease(ctx: ServiceContext, { id, epoch }: HeldRun, ms: number): Promise<void> {
  await ctx.db.$executeRaw`
    update runs set owner = ${parked}, lease_until = now() + ${ms}::float8 * interval '1 millisecond',
      claims = greatest(claims - 1, 0),
      progress = 'Waiting: the destination asked for a pause of ' || ceil(${ms}::float8 / 60000)::int || ' min'
    where id = ${id} and epoch = ${epoch} and status = any(${[...activeStatuses]})`;
}

/**
 * Gives a run up after a failure of our own (database or disk): another attempt starts after a pause that grows with
 * the number of attempts. The caller has no request on its way any more.
 */
export async function postponeLease(ctx: ServiceContext, { id, epoch }: HeldRun): Promise<void> {
  const { requestMs } = ctx.settings;
  await ctx.db.$executeRaw`
    update runs set owner = null, lease_until = now()
      + (least(60000, 1000 * power(2, claims)) - ${requestMs}::float8) * interval '1 millisecond'
    where id = ${id} and epoch = ${epoch} and status = any(${[...activeStatuses]})`;
}
