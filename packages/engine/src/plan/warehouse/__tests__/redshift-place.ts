import { createTestContext } from '@sluice/connectors/destinations/__tests__/destination-context';
import { redshiftSource } from '@sluice/connectors/sources/redshift/definition';
import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import { startRedshiftStandIn } from '@sluice/testing/warehouses/redshift/stand-in';
import { readerSql } from './postgresql-place.ts';
import { hearing, type ServerPlace } from './server-place.ts';

/** Types that Redshift has, of which a source makes prints; texts as its client writes them. */
const tableColumns = {
  id: 'varchar',
  mail: 'varchar',
  amount: 'numeric(38,4)',
  big: 'bigint',
  ratio: 'double precision',
  at: 'timestamptz',
  day: 'timestamp',
  raw: 'bytea',
  body: 'varchar',
} as const;

/** PostgreSQL in the place of Redshift, whose statements are held against a list of what Redshift does not have. */
export async function openRedshiftPlace(): Promise<ServerPlace> {
  const { name: database } = await createEmptyDatabase();
  const standIn = await startRedshiftStandIn((await testCluster()).port, database);
  const context = createTestContext([standIn.port]);
  const names = Object.keys(tableColumns);
  const run = (text: string, values: unknown[] = []) => asOwner(text, values, database);
  const definitions = Object.entries(tableColumns).map(([name, type]) => `${name} ${type}`);
  await run(readerSql);
  await run(`create table things (${definitions.join(', ')});
    grant select on things to reader;
    create schema sluice_planner;
    grant usage, create on schema sluice_planner to reader`);
  return {
    columns: names,
    table: { schema: 'public', table: 'things' },
    ...hearing(standIn.statements),
    violations: standIn.violations,
    open: (planner, signal = context.signal) =>
      redshiftSource.open(
        {
          host: '127.0.0.1',
          port: standIn.port,
          database,
          user: 'reader',
          password: 'r',
          sslMode: 'disable',
          planner,
        },
        { ...context, signal },
      ),
    async setRows(rows) {
      await run('truncate things');
      const columns = names.map((name, index) => `x.c${index}::${tableColumns[name as 'id']}`);
      const texts = rows.map((row) =>
        Object.fromEntries(names.map((name, index) => [`c${index}`, row[name] ?? null])),
      );
      await run(
        `insert into things select ${columns.join(', ')}
         from json_to_recordset($1::json) as x(${names.map((_, index) => `c${index} text`).join(', ')})`,
        [JSON.stringify(texts)],
      );
    },
    sql: run,
    async close() {
      await context.close();
      await standIn.close();
    },
  };
}
