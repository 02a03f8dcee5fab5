import { hash } from 'node:crypto';
import type { DestinationRecord, RecordResult } from '../destination.ts';
import { type BatchLimits, type Portion, type Route, type RouteOf, RowRejected, rejected } from './route.ts';

/** Records for one request, with their places in the batch. */
export interface PlacedPortion extends Portion {
  readonly route: Route;
  readonly places: readonly number[];
}

/** Records of one route in the forms that it sends; the same place in each list is the same record. */
interface Encoded {
  readonly route: Route;
  readonly places: number[];
  readonly records: DestinationRecord[];
  readonly items: string[];
  /** Of each item; empty where the route does not limit them. */
  readonly bytes: number[];
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
  const byRoute = new Map<string, Encoded>();
  for (let place = 0; place < batch.length; place += 1) {
    const record = batch[place] as DestinationRecord;
    const route = routeOf(record, batch.length);
    let item: string;
    try {
      item = route.encode(record);
    } catch (thrown) {
      if (!(thrown instanceof RowRejected)) throw thrown;
      refuse(place, { status: 'rejected', code: thrown.code, message: thrown.message });
      continue;
    }
    const most = recordBytesMax(route.batch);
    const bytes = most === unlimited ? 0 : Buffer.byteLength(item);
    if (bytes > most) {
      const sizes = `${bytes.toLocaleString('en-US')} bytes, at most ${most.toLocaleString('en-US')} are taken`;
      refuse(place, rejected('record_too_large', `The record is too large: ${sizes}.`));
      continue;
    }
    let encoded = byRoute.get(route.name);
    if (!encoded) {
      encoded = { route, places: [], records: [], items: [], bytes: [] };
      byRoute.set(route.name, encoded);
    }
    encoded.places.push(place);
    encoded.records.push(record);
    encoded.items.push(item);
    if (most !== unlimited) encoded.bytes.push(bytes);
  }
  for (const encoded of byRoute.values()) yield* cut(encoded, idempotencyKey);
}

const unlimited = Number.POSITIVE_INFINITY;

const recordBytesMax = ({ bytes, recordBytes }: BatchLimits): number =>
  Math.min(bytes ?? unlimited, recordBytes ?? unlimited);

function* cut(encoded: Encoded, idempotencyKey: string): Generator<PlacedPortion> {
  const { route, records } = encoded;
  const { rows, bytes: bytesMax = unlimited } = route.batch;
  const identities = route.identity && records.map((record) => route.identity?.(record) ?? null);
  for (let rest: number[] | null = null; rest === null || rest.length > 0; ) {
    const taken: number[] = [];
    const later: number[] = [];
    const seen = new Set<string>();
    let bytes = 0;
    const count = rest === null ? records.length : rest.length;
    for (let step = 0; step < count; step += 1) {
      const index: number = rest === null ? step : (rest[step] ?? 0);
      const identity = identities?.[index] ?? null;
      if (identity !== null && seen.has(identity)) {
        later.push(index);
        continue;
      }
      // One byte more for the comma between two items.
      const size = (encoded.bytes[index] ?? 0) + 1;
      if (taken.length > 0 && (taken.length >= rows || bytes + size > bytesMax)) {
        yield portion(encoded, taken, idempotencyKey);
        taken.length = 0;
        seen.clear();
        bytes = 0;
      }
      taken.push(index);
      bytes += size;
      if (identity !== null) seen.add(identity);
    }
    if (taken.length > 0) yield portion(encoded, taken, idempotencyKey);
    rest = later;
  }
}

function portion(encoded: Encoded, taken: readonly number[], idempotencyKey: string): PlacedPortion {
  const { route, places, records, items } = encoded;
  // Most batches are one request.
  if (taken.length === records.length) return portionOf(route, places, records, items, idempotencyKey);
  const those = <T>(all: readonly T[]): T[] => taken.map((index) => all[index] as T);
  return portionOf(route, those(places), those(records), those(items), idempotencyKey);
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
    // Few vendors want a key: made when it is asked for.
    get idempotencyKey() {
      return portionKey(route, records, idempotencyKey);
    },
  };
}

/** Of positions in the plan: hashing what the rows say would cost half as much as writing it. */
function portionKey(route: Route, records: readonly DestinationRecord[], idempotencyKey: string): string {
  const positions = records.map(({ seq }) => seq).join(',');
  return hash('sha256', [idempotencyKey, route.name, positions].join('\0'), 'hex').slice(0, 40);
}
