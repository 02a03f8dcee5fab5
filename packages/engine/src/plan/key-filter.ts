import { hash } from 'node:crypto';
import type { Duck } from '../duck.ts';
import { literal } from '../sql.ts';

const bitsPerKey = 10;
const probes = 7;
/** A larger filter would weigh more than the look into the plan that it saves. */
const keysMax = 50_000;
const windowRows = 5_000;

/** Two numbers below 2^32 that place a key in every filter: probe i is bit `(first + i × second) mod bits`. */
export function keyHash(key: string): { first: number; second: number } {
  const digest = hash('md5', key, 'buffer');
  return { first: digest.readUInt32BE(0), second: (digest.readUInt32BE(4) | 1) >>> 0 };
}

/** The probes of a filter, for those who ask one in SQL. */
export const keyProbes: readonly number[] = Array.from({ length: probes }, (_, index) => index);

/**
 * A Bloom filter of the keys in a plan: says "certainly not" of 99 in 100 keys that are not there, and never of one that
 * is. Bits are counted from the lowest of the first byte, as Postgres' `get_bit` does. `null` for very large plans.
 */
export async function keyFilterOf(
  duck: Duck,
  plan: { readonly path: string; readonly size: number },
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (plan.size === 0 || plan.size > keysMax) return null;
  const filter = new Uint8Array(Math.max(8, Math.ceil((plan.size * bitsPerKey) / 8)));
  const bits = filter.length * 8;
  for (let from = 1; from <= plan.size; from += windowRows) {
    const [keys = []] = await duck.columns(`
      SELECT key FROM read_parquet(${literal(plan.path)})
      WHERE class <> 'unchanged' AND seq BETWEEN ${from} AND ${from + windowRows - 1}`);
    for (const key of keys) {
      const { first, second } = keyHash(String(key));
      for (const probe of keyProbes) {
        const bit = (first + probe * second) % bits;
        filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
      }
    }
  }
  return filter;
}
