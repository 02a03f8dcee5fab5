// Every destination that speaks to a vendor lives through storms with the real engine: the vendor throttles, breaks,
// falls silent, answers nonsense, and workers die between any two steps. In the end the vendor holds each row once.

import { apiCases } from '@sluice/connectors/__tests__/api-cases';
import {
  configurationOf,
  createTestContext,
} from '@sluice/connectors/destinations/__tests__/destination-context';
import { destinationDefinitions } from '@sluice/connectors/registry';
import { type Cells, World } from '@sluice/engine/__tests__/world';
import { vendorFaults } from '@sluice/testing/vendors/vendor-server';
import { expect, test } from 'vitest';
import { long, seed } from './env.ts';
import { dice } from './seed.ts';
import { settle, throughKills } from './storm/life.ts';

type Case = (typeof apiCases)[string];
const storms = Array.from({ length: long ? 20 : 2 }, (_, index) => seed + index);

test.concurrent.each(Object.keys(apiCases).flatMap((slug) => storms.map((storm) => [slug, storm] as const)))(
  '%s holds every row once after storm %i',
  async (slug, storm) => {
    const one = apiCases[slug] as Case;
    const definition = destinationDefinitions[slug];
    if (!definition) throw new Error(`${slug} is not registered`);
    const chance = dice(storm);
    const vendor = await one.start();
    const context = createTestContext([vendor.port], { timeouts: { connectMs: 1000, requestMs: 500 } });
    const world = await World.open(columnsOf(one), configurationOf(one.sync));
    world.connect = () => definition.open(one.working(vendor.url), context);
    try {
      for (const rows of [4, 9, 14]) {
        world.rows = Array.from({ length: rows }, (_, index) => rowOf(one, index + 1));
        for (let fault = chance.between(0, 3); fault > 0; fault -= 1) {
          vendor.misbehave(chance.pick(vendorFaults), 1, chance.chance(0.2) ? 'all' : 'writes');
        }
        await throughKills(world, world.begin(), { chance });
      }
      // The weather clears: what was left behind comes by itself.
      await settle(world);
      const held = one.held(vendor.state);
      if (definition.cannotTellRepeat) expect(held).toBeGreaterThanOrEqual(world.rows.length);
      else expect(held).toBe(world.rows.length);
      const before = vendor.requests.length;
      expect((await world.run()).counts.unchanged).toBe(world.rows.length);
      const written = vendor.requests.slice(before).filter(({ method }) => method !== 'GET');
      expect(written.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
      expect(vendor.violations).toEqual([]);
    } finally {
      await world.close();
      await context.close();
      await vendor.close();
    }
  },
);

/** The columns that the sync of a case reads. */
function columnsOf({ sync, record }: Case): string[] {
  const names = ['id', ...Object.keys(record(1).row ?? {}), ...Object.keys(cellsOf({ sync, record }, 1))];
  return [...new Set(names)];
}

const rowOf = (one: Case, number: number): Cells => ({ id: String(number), ...cellsOf(one, number) });

/** The row from which the mapper makes the record with this number. */
function cellsOf({ sync, record }: Pick<Case, 'sync' | 'record'>, number: number): Cells {
  const { match, fields, row = {} } = record(number);
  const cells: Cells = {};
  for (const [name, value] of Object.entries(row)) cells[name] = textOf(value);
  for (const mapping of sync.mappings ?? []) {
    if (mapping.type === 'column') cells[mapping.from] = textOf(fields[mapping.to]);
  }
  if (sync.matchKey) cells[sync.matchKey.from] = textOf(match);
  return cells;
}

const textOf = (value: unknown): string | null =>
  value === null || value === undefined
    ? null
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
