// A destination about which nothing can be relied upon for several runs, by a seed. When it has calmed down, everything
// is in its place.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { long, seed } from './env.ts';
import type { Fate } from './house/customer-api.ts';
import { type House, openHouse } from './house/open-house.ts';
import { expectCountsAddUp, expectSettled } from './house/settle.ts';
import { type Dice, dice } from './seed.ts';

const rows = long ? 20_000 : 1_500;
const storms = long ? 6 : 2;

let house: House;
beforeAll(async () => {
  house = await openHouse({ environment: { REQUEST_TIMEOUT_MS: '1000' } });
  await Promise.all([house.worker(), house.worker()]);
});
afterAll(() => house.close());

/** Two of three requests go well; the others meet something. */
function weather(random: Dice): Fate {
  const applied = random.pick(['all', 'none'] as const);
  if (random.chance(0.66)) return { applied: 'all', workMs: random.between(0, 20) };
  return random.pick<Fate>([
    { applied, answer: { status: 500 } },
    { applied: 'none', answer: { status: 503 } },
    { applied: 'none', answer: { status: 429, headers: { 'retry-after': '0' } } },
    { applied: 'none', answer: { status: 422, body: 'no' } },
    { applied: 'half' },
    { applied, answer: { fault: 'reset' } },
    { applied, answer: { fault: 'cut', body: '{' } },
    { applied, answer: { status: 200, body: '<html></html>' } },
    { applied, answer: { status: 200, body: '' } },
    ...(random.chance(0.1) ? [{ applied, answer: { fault: 'hang' } } as const] : []),
  ]);
}

test.concurrent.each(Array.from({ length: storms }, (_, index) => seed + index))(
  'storm %i',
  async (given) => {
    const random = dice(given);
    const pipe = await house.pipe({ rows, batchRows: 25, concurrency: 4, alone: true });
    for (let round = 0; round < 3; round += 1) {
      pipe.collection.decide(() => weather(random));
      await house.ended(await house.trigger(pipe.syncId, { ignoreGuards: true }), 600_000);
      await pipe.people.edit(random, { changed: 0.1, removed: 0.1, added: 0.05 });
    }
    await expectCountsAddUp(house, pipe.syncId);
    pipe.collection.decide(() => ({ applied: 'all' }));
    const runs = await expectSettled(house, pipe);
    expect(runs.length).toBeLessThanOrEqual(3);
  },
);
