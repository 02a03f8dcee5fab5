import type { Taken } from './destinations/taken.ts';
import type { Place } from './place.ts';

/** What one process did. */
export interface Measured {
  readonly ms: number;
  /** Time of processors in it, which other work on the machine does not stretch. */
  readonly cpuMs: number;
  /** Peak of its resident memory. */
  readonly peakMb: number;
  /** Rows that were sent, where that is not known before. */
  readonly rows?: number;
  /** What the server took, where it counts. */
  readonly taken?: Taken;
}

/** A line of the table: medians of several runs, the two taken in turns. */
export interface Figures {
  /** What the machine can do: the same work by hand, without the product. */
  readonly limit: Measured;
  readonly product: Measured;
}

/** What the table says about a case. */
export interface CaseLine {
  /** For `--case`. */
  readonly name: string;
  readonly title: string;
  /** The product's time as a multiple of the limit's, at most. */
  readonly ratioMax: number;
  /** Processors' time is compared instead of the clock's: for work that waits for others. */
  readonly byProcessor?: true;
}

/** A case that needs none of the places where syncs run, and has its own number of rows. */
export interface LoneCase extends CaseLine {
  readonly rows: number;
  measure(options: { readonly repeat: number }): Promise<Figures>;
}

export interface BenchCase extends CaseLine {
  /** More rows than this say nothing more. */
  readonly rowsMax?: number;
  /** Fewer rows than this say nothing. */
  readonly rowsMin?: number;
  measure(place: Place, options: { readonly repeat: number }): Promise<Figures[]>;
}

/**
 * Takes limit and product in turns, so that both see the same machine, and answers the medians. Throws when they did not send
 * as many requests and bytes to a server that counts them.
 */
export async function inTurns(
  repeat: number,
  limit: () => Promise<Measured>,
  product: () => Promise<Measured>,
): Promise<Figures> {
  const limits: Measured[] = [];
  const products: Measured[] = [];
  for (let count = 0; count < repeat; count += 1) {
    limits.push(await limit());
    products.push(await product());
    assertSameWork(limits.at(-1), products.at(-1));
  }
  return { limit: median(limits), product: median(products) };
}

/** Bodies of the two differ by the moment of sending and the like, a few bytes a request. */
function assertSameWork(limit: Measured | undefined, product: Measured | undefined): void {
  const [hand, own] = [limit?.taken, product?.taken];
  if (!hand || !own) return;
  const same = hand.requests === own.requests && Math.abs(hand.bytes - own.bytes) <= hand.bytes / 1_000;
  if (same) return;
  const words = ({ requests, bytes }: Taken): string => `${requests} requests with ${bytes} bytes`;
  throw new Error(`By hand ${words(hand)} were sent, by the product ${words(own)}.`);
}

function median(all: readonly Measured[]): Measured {
  const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  const { rows, taken } = all[0] ?? {};
  return {
    ...(rows !== undefined && { rows }),
    ...(taken && { taken }),
    ms: middle(all.map(({ ms }) => ms)),
    cpuMs: middle(all.map(({ cpuMs }) => cpuMs)),
    peakMb: middle(all.map(({ peakMb }) => peakMb)),
  };
}
