import type { ServiceContext } from '../context.ts';

/** A delivery that this worker sends now, with its endpoint as it is now. */
export interface ClaimedDelivery {
  readonly id: bigint;
  readonly workspaceId: number;
  readonly endpointId: number;
  readonly eventId: string;
  readonly event: string;
  readonly snapshot: unknown;
  /** This one included. */
  readonly attempts: number;
  readonly createdAt: Date;
  readonly url: string;
  readonly secret: string;
  readonly previousSecret: string | null;
  readonly previousExpiresAt: Date | null;
}

/**
 * Takes deliveries that are due, oldest first: at most `perEndpoint` of one endpoint and none of the `busy` ones, so that
 * a slow receiver keeps no other waiting. Nobody else takes them for `claimMs`; a worker that dies leaves them to the
 * next look after that.
 */
export function claimDeliveries(
  ctx: Pick<ServiceContext, 'db'>,
  limits: { slots: number; perEndpoint: number; busy: readonly number[]; claimMs: number },
): Promise<ClaimedDelivery[]> {
  return ctx.db.$queryRaw<ClaimedDelivery[]>`
    with due as (
      select waiting.id from webhook_endpoints endpoint
      cross join lateral (
        select id, next_attempt_at from webhook_deliveries
        where state = 'pending' and endpoint_id = endpoint.id and next_attempt_at <= now()
        order by next_attempt_at limit ${limits.perEndpoint}::int for update skip locked
      ) waiting
      where not endpoint.disabled and endpoint.id <> all(${[...limits.busy]}::int[])
      order by waiting.next_attempt_at limit ${limits.slots}::int
    )
    update webhook_deliveries delivery set attempts = attempts + 1, last_attempt_at = now(),
      next_attempt_at = now() + ${limits.claimMs}::float8 * interval '1 millisecond'
    from due, webhook_endpoints endpoint
    where delivery.id = due.id and endpoint.id = delivery.endpoint_id
    returning delivery.id, delivery.workspace_id as "workspaceId", endpoint_id as "endpointId",
      event_id::text as "eventId", event, snapshot, attempts, delivery.created_at as "createdAt",
      url, secret, previous_secret as "previousSecret", previous_expires_at as "previousExpiresAt"`;
}
