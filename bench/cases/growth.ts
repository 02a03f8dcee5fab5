import type { BenchCase, Measured } from '../bench-case.ts';
import type { Place } from '../place.ts';
import { httpSync, runSync } from '../product.ts';

const smallRows = 100_000;

/** Large runs against small ones: the limit is what a run of 100,000 rows takes, times so many more rows. */
const growth = (name: string, title: string, measure: (place: Place) => Promise<Measured>): BenchCase => ({
  name,
  title,
  ratioMax: 1.3,
  rowsMin: 1_000_000,
  async measure(place) {
    const modelId = await place.world.model({
      sql: `select * from public.people where id <= ${smallRows}`,
    });
    const small = await measure({ ...place, modelId });
    const times = place.rows / smallRows;
    const limit = { ms: small.ms * times, cpuMs: small.cpuMs * times, peakMb: small.peakMb };
    return [{ limit, product: await measure(place) }];
  },
});

export const growthFirst = growth(
  'growth-first',
  'growth: first run to HTTP (limit: of 100,000 rows, scaled)',
  async (place) => runSync(place, await httpSync(place)),
);

export const growthUnchanged = growth(
  'growth-unchanged',
  'growth: nothing changed (limit: of 100,000 rows, scaled)',
  async (place) => {
    const syncId = await httpSync(place);
    await runSync(place, syncId, 'reset');
    return runSync(place, syncId);
  },
);
