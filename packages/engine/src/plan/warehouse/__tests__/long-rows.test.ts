import { describe, expect, it } from 'vitest';
import { openBigQueryPlace } from './bigquery-place.ts';
import { openDatabricksPlace } from './databricks-place.ts';
import { type PlannerPlace, PlannerWorld, type TableRow } from './planner-world.ts';
import { openPostgresqlPlace } from './postgresql-place.ts';
import { openRedshiftPlace } from './redshift-place.ts';
import { openSnowflakePlace } from './snowflake-place.ts';

/** The longest row at the memory that the tests give to DuckDB is 8 MiB. */
const long = 'x'.repeat(8 * 1024 * 1024);

const places: readonly (readonly [string, () => Promise<PlannerPlace>])[] = [
  ['PostgreSQL', openPostgresqlPlace],
  ['Redshift', openRedshiftPlace],
  ['Snowflake', openSnowflakePlace],
  ['Databricks', () => openDatabricksPlace()],
  ['BigQuery', openBigQueryPlace],
];

// Some write and read many megabytes.
describe.each(places)('a row that is too long, compared in %s', { timeout: 120_000 }, (_name, open) => {
  it('is rejected alone in every run, and sent when it has become shorter', async () => {
    const planned = await PlannerWorld.open({}, await open());
    const row = (id: number, body: string): TableRow => ({ id: `k${id}`, mail: `m${id}`, body });
    try {
      await planned.setRows([row(1, 'a'), row(2, 'b'), row(3, 'c')]);
      await planned.run('local');
      // With a long row in what is read for the first mirror, and in what has changed since.
      await planned.setRows([row(1, 'a'), row(2, long), row(3, 'c')]);
      expect(await planned.run('warehouse')).toEqual({ status: 'warning', code: null, sent: 0 });
      await planned.setRows([row(1, 'new'), row(2, `${long}y`), row(3, 'c'), row(4, long)]);
      expect(await planned.plan('warehouse')).toEqual(await planned.plan('local'));
      expect(await planned.run('warehouse')).toEqual({ status: 'warning', code: null, sent: 1 });
      planned.takeTravelled();
      expect(await planned.run('warehouse')).toEqual({ status: 'warning', code: null, sent: 0 });
      // The two that were never sent; a row that was is left alone.
      expect(planned.takeTravelled()).toEqual([2]);
      await planned.setRows([row(1, 'new'), row(2, 'short'), row(3, 'c')]);
      expect(await planned.run('warehouse')).toEqual({ status: 'success', code: null, sent: 1 });
      await planned.run('warehouse');
      expect(planned.takeTravelled().at(-1)).toBe(0);
    } finally {
      await planned.close();
    }
  });
});
