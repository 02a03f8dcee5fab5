import { expect, it } from 'vitest';
import { World } from './world.ts';

it('plans more changes than fit into one part: each row once, removals first, none lost', {
  timeout: 120_000,
}, async () => {
  const world = await World.open(['id', 'name']);
  world.batchRowsMax = 5_000;
  const count = 110_000;
  world.rows = Array.from({ length: count }, (_, index) => ({ id: `${index}`, name: 'a' }));
  await world.run({ resync: 'reset' });
  expect(world.requests).toEqual([]);
  const gone = 3_000;
  const added = 2_000;
  world.rows = Array.from({ length: count - gone + added }, (_, index) => ({
    id: `${index + gone}`,
    name: 'b',
  }));
  const run = world.begin();
  await run.attempt();
  expect(run.ended).toMatchObject({
    status: 'success',
    counts: { planned: { removed: gone, changed: count - gone, added }, delivered: { removed: gone } },
  });
  const sent = world.requests.flat().toSorted((a, b) => a.seq - b.seq);
  expect(sent.map(({ seq }) => seq)).toEqual(Array.from({ length: count + added }, (_, index) => index + 1));
  const classes = sent.map((record) => record.class);
  expect(classes.lastIndexOf('removed')).toBe(gone - 1);
  expect(classes.indexOf('added')).toBe(count);
  expect(new Set(sent.map(({ key }) => key)).size).toBe(count + added);
  expect(sent.find(({ key }) => key === '3000')?.fields).toEqual({ name: 'b' });
  world.requests = [];
  await world.run();
  expect(world.requests).toEqual([]);
  await world.close();
});
