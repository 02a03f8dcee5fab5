// Every source that is measured, with a table of people: real servers where they run here, else what speaks their wire. A
// process of its own, so that only the side of the client is measured.
import { sourceCases } from '@sluice/connectors/__tests__/connector-cases';
import { openPlaces } from '@sluice/connectors/__tests__/places';
import { findMariadb, runOnMariadb } from '@sluice/testing/mariadb';
import { asOwner, stopPostgres } from '@sluice/testing/postgres';
import { tableSql } from '../people.ts';
import type { Warehouses } from '../sources/warehouse.ts';

const { rows } = JSON.parse(process.argv[2] ?? '{}') as { rows: number };
const mariadb = await findMariadb();
const { places, close } = await openPlaces();
process.once('SIGTERM', () => {
  void close()
    .then(stopPostgres)
    .then(() => mariadb && runOnMariadb(mariadb, ['drop table if exists test.sluice_bench_people']))
    .finally(() => process.exit(0));
});
const values = `n, 'person.' || n || '.0123456789@example.com', 'First ' || n || '0123456789abcdef',
  'Last ' || n || '0123456789abcdef', 'Company number ' || n % 5000 || ' Ltd.', 'City ' || n % 997,
  case n % 3 when 0 then 'free' when 1 then 'team' else 'business' end, cast(n % 100000 as numeric(12,2)) / 8, n % 5 <> 0,`;

for (const { database, user } of [places.postgres, places.redshift]) {
  await asOwner(tableSql('people'), [], database);
  const moment = "timestamptz '2026-01-01 00:00:00Z' + n * interval '7 seconds'";
  await asOwner(
    `insert into people select ${values} ${moment} from generate_series(1, ${rows}) n`,
    [],
    database,
  );
  await asOwner(`grant select on people to "${user}"`, [], database);
}
for (const { run } of [places.snowflake, places.bigquery, places.databricks, places.clickhouse]) {
  const moment = "timestamp '2026-01-01 00:00:00' + to_seconds(7 * n)";
  await run(
    `create table main.people as select ${values.replace('numeric(12,2)) / 8', 'decimal(12,2))')} ${moment} as updated_at
     from range(1, ${rows + 1}) as t(n)`,
  );
}
if (mariadb) {
  await runOnMariadb(
    mariadb,
    [
      'drop table if exists test.sluice_bench_people',
      `create table test.sluice_bench_people (id bigint primary key, email varchar(100), first_name varchar(100),
       last_name varchar(100), company varchar(100), city varchar(100), plan varchar(20), amount decimal(12,2),
       active boolean, updated_at timestamp(0))`,
      `insert into test.sluice_bench_people select seq, concat('person.', seq, '.0123456789@example.com'),
       concat('First ', seq, '0123456789abcdef'), concat('Last ', seq, '0123456789abcdef'),
       concat('Company number ', seq % 5000, ' Ltd.'), concat('City ', seq % 997), elt(1 + seq % 3, 'free', 'team', 'business'),
       seq % 100000 / 8, seq % 5 <> 0, '2026-01-01 00:00:00' + interval seq * 7 second from seq_1_to_${rows}`,
    ],
    'test',
  );
}
const said: Warehouses = {
  configurations: Object.fromEntries(
    Object.entries(sourceCases).flatMap(([slug, one]) => (one.absent ? [] : [[slug, one.working(places)]])),
  ),
};
process.stdout.write(`${JSON.stringify(said)}\n`);
