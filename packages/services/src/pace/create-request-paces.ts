import { randomUUID } from 'node:crypto';
import type { RequestLimiter } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { createDestinationPace, type DestinationPace } from './destination-pace.ts';
import type { PacedDestination } from './reserve-requests.ts';

export interface RequestPaces {
  of(destination: PacedDestination): RequestLimiter;
  /** Gives back what other workers could use. */
  close(): Promise<void>;
}

type PaceContext = Pick<ServiceContext, 'db' | 'log' | 'notifications' | 'settings'>;

/**
 * Makes the limits of destinations, one per destination, kept as long as the process: rates, requests at once and pauses
 * hold over all runs of all workers. They are counted in Postgres (`docs/adr/0004-limits-in-postgres.md`).
 */
export function createRequestPaces(ctx: PaceContext): RequestPaces {
  const options = { owner: randomUUID(), leaseMs: ctx.settings.leaseMs };
  const paces = new Map<number, DestinationPace>();
  const unsubscribe = ctx.notifications.subscribe((notice) => {
    if (notice.kind === 'pause') void paces.get(notice.destinationId)?.refresh();
    // Pauses may have been missed.
    if (notice.kind === 'reconnected') {
      for (const pace of paces.values()) if (pace.used()) void pace.refresh();
    }
  });
  return {
    of(destination) {
      const pace = paces.get(destination.id) ?? createDestinationPace(ctx, destination, options);
      paces.set(destination.id, pace);
      return pace;
    },
    async close() {
      unsubscribe();
      await Promise.all([...paces.values()].map((pace) => pace.close()));
    },
  };
}
