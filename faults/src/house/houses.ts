import { afterAll, beforeAll } from 'vitest';
import { type House, openHouse } from './open-house.ts';

/**
 * Houses for tests that run side by side: most of a takeover is waiting, so several fit onto a small machine. Each
 * test has a house for itself; workers that survived the test before may be in it.
 */
export function openHouses(
  count: number,
  options?: Parameters<typeof openHouse>[0],
): { use(test: (house: House) => Promise<void>): Promise<void> } {
  const free: House[] = [];
  const waiting: ((house: House) => void)[] = [];
  const all: House[] = [];
  beforeAll(async () => {
    all.push(...(await Promise.all(Array.from({ length: count }, () => openHouse(options)))));
    free.push(...all);
  }, 120_000);
  afterAll(async () => {
    await Promise.all(all.map((house) => house.close()));
  }, 60_000);
  return {
    async use(test) {
      const house = free.pop() ?? (await new Promise<House>((resolve) => waiting.push(resolve)));
      let kept = false;
      try {
        await test(house);
        kept = true;
      } finally {
        await house.reset(kept);
        const next = waiting.shift();
        if (next) next(house);
        else free.push(house);
      }
    },
  };
}
