import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBigQueryPlace } from './bigquery-place.ts';
import { openDatabricksPlace } from './databricks-place.ts';
import { PlannerWorld, type TableRow } from './planner-world.ts';
import { openRedshiftPlace } from './redshift-place.ts';
import type { ServerPlace } from './server-place.ts';
import { openSnowflakePlace } from './snowflake-place.ts';

const rowsUpTo = (count: number, body = 'a'): TableRow[] =>
  Array.from({ length: count }, (_, index) => ({ id: `k${index}`, mail: `m${index}`, ratio: '0.1', body }));
const changed = (rows: readonly TableRow[], index: number, body: string): TableRow[] =>
  rows.map((row, place) => (place === index ? { ...row, body } : row));

describe.each([
  ['Redshift', openRedshiftPlace],
  ['Snowflake', openSnowflakePlace],
  ['Databricks', () => openDatabricksPlace()],
  ['BigQuery', openBigQueryPlace],
] as const)('the mirror of a ledger in %s', (name, open) => {
  let place: ServerPlace;
  let planned: PlannerWorld;
  let stop = new AbortController();
  beforeEach(async () => {
    place = await open();
    stop = new AbortController();
    planned = await PlannerWorld.open({}, { ...place, open: (planner) => place.open(planner, stop.signal) });
    await planned.setRows(rowsUpTo(300));
    await planned.run('local');
  });
  afterEach(async () => {
    expect(place.violations).toEqual([]);
    await planned.close();
  });
  const travelled = () => planned.takeTravelled();

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

  it('is written anew when somebody has changed it', async () => {
    const mirror = 'sluice_planner.mirror_1';
    for (const damage of [
      `DROP TABLE ${mirror}`,
      `DELETE FROM ${mirror}`,
      `DELETE FROM ${mirror} WHERE row_key = 'k9'`,
      `DELETE FROM ${mirror} WHERE part = 'state'`,
      `INSERT INTO ${mirror} SELECT * FROM ${mirror} WHERE row_key = 'k3'`,
    ]) {
      await planned.run('warehouse');
      await planned.sql(damage);
      travelled();
      await planned.setRows(changed(rowsUpTo(300), 3, damage));
      expect(await planned.run('warehouse')).toMatchObject({ sent: 1 });
      expect(travelled().at(-1)).toBe(300);
    }
    await planned.run('warehouse');
    await planned.run('warehouse');
    expect(travelled().at(-1)).toBe(0);
  });

  it('sends nothing when the schema is gone, and says what to run', async () => {
    await planned.run('warehouse');
    await planned.sql('DROP SCHEMA sluice_planner CASCADE');
    await planned.setRows(changed(rowsUpTo(300), 3, 'b'));
    expect(await planned.run('warehouse')).toEqual({ status: 'failed', code: 'planner_not_ready', sent: 0 });
    expect(planned.fix).toMatch(/^CREATE SCHEMA IF NOT EXISTS .*sluice_planner.*;\nGRANT /i);
    expect(await place.open('warehouse').planner?.list()).toEqual([]);
    const checks = await Array.fromAsync(place.open('warehouse').check());
    expect(checks.at(-1)).toMatchObject({ name: 'planner', status: 'failed' });
  });

  it('is listed and dropped, with what was left of an upload, and nothing else is', async () => {
    await planned.run('warehouse');
    await planned.sql('CREATE TABLE sluice_planner.upload_1_1700000000_0123abcd (part VARCHAR)');
    await planned.sql('CREATE TABLE sluice_planner.notes (part VARCHAR)');
    const planner = place.open('warehouse').planner;
    expect(await planner?.list()).toEqual([1]);
    await planner?.drop([1, 2]);
    expect(await planner?.list()).toEqual([]);
    await planned.sql('SELECT * FROM sluice_planner.notes');
  });

  it('serves two who compare at once, and is whole after them', async () => {
    await planned.run('warehouse');
    await planned.setRows(changed(rowsUpTo(299), 5, 'b'));
    const [plan, other] = await Promise.all([planned.plan('warehouse'), planned.plan('warehouse')]);
    expect(plan).toEqual(other);
    expect(await planned.run('warehouse')).toMatchObject({ status: 'success', sent: 2 });
    await planned.run('warehouse');
    travelled();
    await planned.run('warehouse');
    expect(travelled()).toEqual([0]);
  });

  it('drops what a crash has left of an upload, a day later', async () => {
    const owned =
      name === 'Redshift' ? '; ALTER TABLE sluice_planner.upload_1_1700000000_0123abcd OWNER TO reader' : '';
    await planned.sql(`CREATE TABLE sluice_planner.upload_1_1700000000_0123abcd (part VARCHAR)${owned}`);
    await planned.run('warehouse');
    await expect(planned.sql('SELECT * FROM sluice_planner.upload_1_1700000000_0123abcd')).rejects.toThrow();
  });

  it('is believed or written anew wherever a run was stopped', { timeout: 240_000 }, async () => {
    const statementsOf = async (last: number): Promise<{ seen: number; status: string; sent: number }> => {
      let seen = 0;
      const worker = stop;
      place.onStatement(() => {
        seen += 1;
        if (seen === last) worker.abort(new Error('stopped'));
      });
      const ended = await planned.run('warehouse');
      place.onStatement(() => {});
      stop = new AbortController();
      return { seen, ...ended };
    };
    await planned.run('warehouse');
    await planned.setRows(changed(rowsUpTo(300), 0, 'first'));
    const { seen: statements } = await statementsOf(0);
    // A run with something to send asks, writes, and asks again.
    expect(statements).toBeGreaterThan(8);
    // Each of them is the last of a worker once; it may still be carried out.
    for (let last = 1; last <= statements; last += 1) {
      const at = `${name}, statement ${last}`;
      await planned.setRows(changed(rowsUpTo(300 - (last % 3)), 7, at));
      expect(await statementsOf(last), at).toMatchObject({ status: 'failed', sent: 0 });
      expect(await planned.plan('warehouse'), at).toEqual(await planned.plan('local'));
      expect(await planned.run('warehouse'), at).toMatchObject({ status: 'success' });
    }
    await planned.run('warehouse');
    travelled();
    expect(await planned.run('warehouse')).toMatchObject({ status: 'success', sent: 0 });
    expect(travelled()).toEqual([0]);
  });
});

describe.each([
  ['Redshift', openRedshiftPlace],
  ['Snowflake', openSnowflakePlace],
] as const)('a mirror that is too large for one statement in %s', (_name, open) => {
  it('is uploaded whole', { timeout: 120_000 }, async () => {
    const planned = await PlannerWorld.open({}, await open());
    await planned.setRows(rowsUpTo(11_000));
    await planned.run('local');
    await planned.run('warehouse');
    await planned.run('warehouse');
    expect(planned.takeTravelled()).toEqual([11_000, 0]);
    await planned.close();
  });
});

describe('rights in Redshift', () => {
  it.each([
    ['to make tables', 'REVOKE CREATE ON SCHEMA sluice_planner FROM reader'],
    ['to use the schema', 'REVOKE USAGE ON SCHEMA sluice_planner FROM reader'],
  ])('that were taken away, %s, stop a run before it sends, and are named', async (_what, damage) => {
    const planned = await PlannerWorld.open({}, await openRedshiftPlace());
    await planned.setRows(rowsUpTo(20));
    await planned.run('local');
    await planned.run('warehouse');
    await planned.sql(damage);
    await planned.setRows(changed(rowsUpTo(20), 3, 'b'));
    expect(await planned.run('warehouse')).toEqual({ status: 'failed', code: 'planner_not_ready', sent: 0 });
    await planned.sql(planned.fix);
    expect(await planned.run('warehouse')).toMatchObject({ status: 'success', sent: 1 });
    await planned.close();
  });
});
