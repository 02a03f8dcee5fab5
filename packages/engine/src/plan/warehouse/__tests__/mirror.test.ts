import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlannerWorld, type TableRow } from './planner-world.ts';
import { tableColumns } from './postgresql-place.ts';

const blank = Object.fromEntries(Object.keys(tableColumns).map((name) => [name, null]));
const rowsUpTo = (count: number, body = 'a'): TableRow[] =>
  Array.from({ length: count }, (_, index) => ({ ...blank, id: `k${index}`, mail: `m${index}`, body }));
const changed = (rows: readonly TableRow[], index: number, body: string): TableRow[] =>
  rows.map((row, place) => (place === index ? { ...row, body } : row));

let planned: PlannerWorld;

beforeEach(async () => {
  planned = await PlannerWorld.open();
  await planned.setRows(rowsUpTo(300));
  await planned.run('local');
});
afterEach(() => planned.close());

const travelled = () => planned.takeTravelled();

describe('the mirror of a ledger', () => {
  it('lets only what has changed travel, once', async () => {
    await planned.run('warehouse');
    expect(travelled()).toEqual([300]);
    await planned.run('warehouse');
    expect(travelled()).toEqual([0]);
    await planned.setRows(changed(rowsUpTo(299), 5, 'b'));
    expect(await planned.run('warehouse')).toMatchObject({ sent: 2 });
    expect(travelled()).toEqual([2]);
    await planned.run('warehouse');
    expect(travelled()).toEqual([0]);
  });

  it('lets a row that is only written in another way travel once, and sends nothing', async () => {
    const rows = (amount: string) => rowsUpTo(50).map((row) => ({ ...row, amount }));
    await planned.setRows(rows('1.5'));
    await planned.run('warehouse');
    await planned.run('warehouse');
    travelled();
    await planned.setRows(rows('1.50'));
    expect(await planned.run('warehouse')).toMatchObject({ sent: 0 });
    expect(travelled()).toEqual([50]);
    await planned.run('warehouse');
    expect(travelled()).toEqual([0]);
  });

  it('catches up with a ledger that was committed while it was away', async () => {
    await planned.run('warehouse');
    for (const body of ['b', 'c']) {
      await planned.setRows(changed(rowsUpTo(300), 7, body));
      await planned.run('local');
    }
    travelled();
    expect(await planned.run('warehouse')).toMatchObject({ sent: 0 });
    // The row is new to the mirror; the others still count.
    expect(travelled()).toEqual([1]);
  });

  it('follows a ledger over a new base', async () => {
    await planned.run('warehouse');
    for (let round = 0; round < 10; round += 1) {
      await planned.setRows(changed(rowsUpTo(300), round, `b${round}`));
      await planned.run('warehouse');
    }
    expect(Math.max(...travelled().slice(1))).toBe(2);
  });

  it.each([
    ['dropped', 'drop table sluice_planner.ledger_1'],
    ['emptied, as by a crash', 'truncate sluice_planner.ledger_1'],
    ['without its version', 'drop table sluice_planner.version_1'],
    ['cut short', `delete from sluice_planner.ledger_1 where key = 'k9'`],
    ['given a key', `insert into sluice_planner.ledger_1 values ('stranger', 'x', null)`],
  ])('is written anew when it was %s', async (_how, damage) => {
    await planned.run('warehouse');
    await planned.sql(damage);
    travelled();
    await planned.setRows(changed(rowsUpTo(300), 3, 'b'));
    expect(await planned.run('warehouse')).toMatchObject({ sent: 1 });
    expect(travelled().at(-1)).toBe(300);
    await planned.run('warehouse');
    await planned.run('warehouse');
    expect(travelled().at(-1)).toBe(0);
  });

  it.each([
    ['the schema is gone', 'drop schema sluice_planner cascade'],
    ['its rights were taken', 'revoke create on schema sluice_planner from reader'],
    ['nothing in it may be used', 'revoke usage on schema sluice_planner from reader'],
  ])('sends nothing when %s, and says what to grant', async (_what, damage) => {
    await planned.run('warehouse');
    await planned.sql(damage);
    await planned.setRows(changed(rowsUpTo(300), 3, 'b'));
    expect(await planned.run('warehouse')).toEqual({ status: 'failed', code: 'planner_not_ready', sent: 0 });
    await planned.sql(planned.fix);
    expect(await planned.run('warehouse')).toMatchObject({ status: 'success', sent: 1 });
  });

  it('sends nothing when its rights are taken while it works', async () => {
    planned.beforeCompare = () => planned.sql('revoke create on schema sluice_planner from reader');
    expect(await planned.run('warehouse')).toEqual({ status: 'failed', code: 'planner_not_ready', sent: 0 });
    expect(planned.fix).toContain('GRANT USAGE, CREATE ON SCHEMA sluice_planner TO "reader";');
  });

  it('is compared with one moment of the model, whatever happens meanwhile', async () => {
    await planned.run('warehouse');
    await planned.setRows(rowsUpTo(299));
    const [plan, other] = await Promise.all([planned.plan('warehouse'), planned.plan('warehouse')]);
    expect(plan).toEqual(other);
  });
});
