import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabricksPlace } from './databricks-place.ts';
import { PlannerWorld } from './planner-world.ts';

let planned: PlannerWorld;
beforeEach(async () => {
  planned = await PlannerWorld.open({}, await openDatabricksPlace([]));
});
afterEach(() => planned.close());

const rows = (doc: string) => [{ id: 'a', mail: 'm', doc }];

it('a model with a type that the source cannot compare is read as a whole, and it is said why', async () => {
  await planned.setRows(rows('{"a":1}'));
  await planned.run('local');
  await planned.setRows(rows('{"a":2}'));
  expect(await planned.plan('warehouse')).toEqual(await planned.plan('local'));
  await planned.plan('warehouse');
  expect(planned.declined).toBe(
    'The column "doc" is of the type VARIANT, of which the source can make no hash.',
  );
  expect(await planned.run('warehouse')).toEqual({ status: 'success', code: null, sent: 1 });
});
