import { createHash } from 'node:crypto';
import type { DestinationRecord, RecordResult } from '../destination.ts';
import { type BatchLimits, type Portion, type Route, type RouteOf, RowRejected, rejected } from './route.ts';

/** Records for one request, with their places in the batch. */
export interface PlacedPortion extends Portion {
  readonly route: Route;
  readonly places: readonly number[];
}

/** A record cut to the form that its route sends. */
interface Placed {
  readonly place: number;
  readonly record: DestinationRecord;
  readonly item: string;
  readonly bytes: number;
  readonly identity: string | null;
}

/**
 * Cuts a batch into requests: by route, number, bytes, and so that no request holds two records with one identity. Of
 * such, the later one travels later. `refuse` is told about records that no request can hold.
 */
export function* portionsOf(
  batch: readonly DestinationRecord[],
  routeOf: RouteOf,
  idempotencyKey: string,
  refuse: (place: number, result: RecordResult) => void,
): Generator<PlacedPortion> {
  const byRoute = new Map<string, { route: Route; open: Placed[] }>();
  for (const [place, record] of batch.entries()) {
    const route = routeOf(record, batch.length);
    let item: string;
    try {
      item = route.encode(record);
    } catch (thrown) {
      if (!(thrown instanceof RowRejected)) throw thrown;
      refuse(place, { status: 'rejected', code: thrown.code, message: thrown.message });
      continue;
    }
    const bytes = Buffer.byteLength(item);
    const most = recordBytesMax(route.batch);
    if (bytes > most) {
      const sizes = `${bytes.toLocaleString('en-US')} bytes, at most ${most.toLocaleString('en-US')} are taken`;
      refuse(place, rejected('record_too_large', `The record is too large: ${sizes}.`));
      continue;
    }
    const group = byRoute.get(route.name) ?? { route, open: [] };
    byRoute.set(route.name, group);
    group.open.push({ place, record, item, bytes, identity: route.identity?.(record) ?? null });
  }
  for (const { route, open } of byRoute.values()) yield* cut(route, open, idempotencyKey);
}

const recordBytesMax = ({ bytes, recordBytes }: BatchLimits): number =>
  Math.min(bytes ?? Number.POSITIVE_INFINITY, recordBytes ?? Number.POSITIVE_INFINITY);

function* cut(route: Route, open: readonly Placed[], idempotencyKey: string): Generator<PlacedPortion> {
  const { rows, bytes: bytesMax = Number.POSITIVE_INFINITY } = route.batch;
  let rest = open;
  while (rest.length > 0) {
    const taken: Placed[] = [];
    const later: Placed[] = [];
    const identities = new Set<string>();
    let bytes = 0;
    for (const placed of rest) {
      const collides = placed.identity !== null && identities.has(placed.identity);
      // One byte more for the comma between two items.
      const full = taken.length >= rows || bytes + placed.bytes + 1 > bytesMax;
      if (collides) later.push(placed);
      else if (full && taken.length > 0) {
        yield portion(route, taken, idempotencyKey);
        taken.length = 0;
        identities.clear();
        bytes = 0;
      }
      if (collides) continue;
      taken.push(placed);
      bytes += placed.bytes + 1;
      if (placed.identity !== null) identities.add(placed.identity);
    }
    if (taken.length > 0) yield portion(route, taken, idempotencyKey);
    rest = later;
  }
}

function portion(route: Route, placed: readonly Placed[], idempotencyKey: string): PlacedPortion {
  return portionOf(
    route,
    placed.map(({ place }) => place),
    placed.map(({ record }) => record),
    placed.map(({ item }) => item),
    idempotencyKey,
  );
}

/** Both halves of a portion that was refused as a whole. */
export function halves(whole: PlacedPortion): [PlacedPortion, PlacedPortion] {
  const { route, places, records, items, idempotencyKey } = whole;
  const middle = Math.ceil(records.length / 2);
  const half = (from: number, to?: number): PlacedPortion =>
    portionOf(route, places.slice(from, to), records.slice(from, to), items.slice(from, to), idempotencyKey);
  return [half(0, middle), half(middle)];
}

function portionOf(
  route: Route,
  places: readonly number[],
  records: readonly DestinationRecord[],
  items: readonly string[],
  idempotencyKey: string,
): PlacedPortion {
  return {
    route,
    places,
    records,
    items,
    // Hashing costs as much as encoding, and few vendors want a key: made when it is asked for.
    get idempotencyKey() {
      return portionKey(route, items, idempotencyKey);
    },
  };
}

function portionKey(route: Route, items: readonly string[], idempotencyKey: string): string {
  const hash = createHash('sha256').update(idempotencyKey).update('\0').update(route.name);
  for (const item of items) hash.update('\0').update(item);
  return hash.digest('hex').slice(0, 40);
}
