import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBigQueryPlace } from './bigquery-place.ts';
import { openDatabricksPlace } from './databricks-place.ts';
import { anyHistory, assertEqualPlans } from './histories.ts';
import { PlannerWorld, type TableRow } from './planner-world.ts';
import { openRedshiftPlace } from './redshift-place.ts';
import { openSnowflakePlace } from './snowflake-place.ts';

const long = 'x'.repeat(60_000);

/** Values that are easily mistaken for one another, as each server can hold them. */
const cells: Readonly<Record<string, readonly (string | null)[]>> = {
  id: ['a', 'A', ' a', 'a ', '7', '007', 'é', 'e\u0301', 'k,"q"', 'l\ni', 'b', 'c', 'd', "o'b\\n", '', null],
  mail: ['m1', 'm2', 'M2', 'm3', 'm3 ', 'm5', '', null],
  amount: [
    '1.5',
    '0',
    '-0.01',
    '1234567890123456789012345678.0001',
    '1234567890123456789012345678.0002',
    null,
  ],
  big: ['9223372036854775807', '-9223372036854775808', '9007199254740993', '9007199254740992', null],
  ratio: [
    '-0',
    '0',
    'NaN',
    '-Infinity',
    '0.30000000000000004',
    '0.3',
    '5e-324',
    '1.7976931348623157e308',
    null,
  ],
  at: [
    '2026-02-28 01:02:03+02',
    '2026-02-27 23:02:03+00',
    '2026-10-25 00:30:00+00',
    '2026-10-25 01:30:00+00',
    '2026-07-01 00:00:00.000001+00',
    '2026-07-01 00:00:00+00',
    null,
  ],
  day: ['2026-02-28 01:02:03', '2026-02-28 01:02:03.000001', '1969-12-31 23:59:59.5', null],
  raw: ['\\x00ff5c', '\\x', '\\x00ff5d', null],
  doc: ['{"b":1,"a":[1,2.5]}', '{"b":1,"a":[1,2.50]}', 'null', '"\\u00e9"', '{"b":9007199254740993}', null],
  tags: ['[]', '[a, NULL, b]', "['a,b']", '[a, b]', null],
  flag: ['true', 'false', null],
  body: ['', 'e\u0301', 'é', 'a,b', 'line\nend', '\\N', '"', "it's", '-', long, `${long}y`, null],
};
const rowOf = (names: readonly string[]): fc.Arbitrary<TableRow> =>
  fc.record(Object.fromEntries(names.map((name) => [name, fc.constantFrom(...(cells[name] ?? [null]))])));

const mishaps = [
  'drop table if exists sluice_planner.mirror_1',
  'delete from sluice_planner.mirror_1',
  "delete from sluice_planner.mirror_1 where part = 'state'",
  "delete from sluice_planner.mirror_1 where id = (select min(id) from sluice_planner.mirror_1 where part = 'key')",
  'insert into sluice_planner.mirror_1 select * from sluice_planner.mirror_1',
  'update sluice_planner.mirror_1 set print = null',
];

describe.each([
  ['Redshift', openRedshiftPlace],
  ['Snowflake', openSnowflakePlace],
  ['Databricks', () => openDatabricksPlace()],
  ['BigQuery', openBigQueryPlace],
] as const)('the planner of %s', (_name, open) => {
  it('notices what becomes of a value, whatever it was, where the local one does', {
    timeout: 120_000,
  }, async () => {
    const planned = await PlannerWorld.open({ matchKey: { from: 'id', to: 'id' } }, await open());
    const { columns } = planned.at;
    const pairs = columns.flatMap((name) => {
      const values = name === 'id' ? [] : (cells[name] ?? []);
      return values.flatMap((from) => values.map((to) => ({ name, from, to })));
    });
    const rows = (side: 'from' | 'to'): TableRow[] =>
      pairs.map((pair, index) => ({ id: `k${index}`, [pair.name]: pair[side] }));
    expect(pairs.length).toBeGreaterThan(200);
    await planned.setRows(rows('from'));
    expect(await planned.run('local')).toMatchObject({ status: 'success' });
    expect(await planned.run('warehouse')).toMatchObject({ status: 'success', sent: 0 });
    await planned.setRows(rows('to'));
    planned.takeTravelled();
    const [there, here] = [await planned.plan('warehouse'), await planned.plan('local')];
    const keysOf = (plan: typeof here) => new Set(plan.rows.map((cells) => (cells as unknown[])[4]));
    const missed = pairs.filter(
      (_, index) => keysOf(here).has(`k${index}`) !== keysOf(there).has(`k${index}`),
    );
    expect(missed).toEqual([]);
    expect(there).toEqual(here);
    const [travelled = 0] = planned.takeTravelled();
    // At least those that became what they were have not.
    expect(travelled).toBeGreaterThan(0);
    expect(travelled).toBeLessThan(pairs.length * 0.9);
    await planned.close();
  });

  it('plans as the local one over any history, and switching sends nothing again', {
    timeout: 280_000,
  }, async () => {
    const { columns, close } = await open();
    await close();
    await fc.assert(
      fc.asyncProperty(anyHistory(rowOf(columns), mishaps), (history) => assertEqualPlans(history, open)),
      { numRuns: 10, interruptAfterTimeLimit: 240_000 },
    );
  });
});
