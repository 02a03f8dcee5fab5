import type { TargetPostgres } from '@sluice/services/testing/start-target-postgres';
import type { Dice } from '../seed.ts';
import type { Person } from './customer-api.ts';

/** A table of the customer, edited as people do. */
export interface People {
  /** `public.people_1` */
  readonly table: string;
  /** What is in it now, by id. */
  all(): Promise<Map<number, Person>>;
  add(count: number): Promise<void>;
  /** Changes these shares of the rows, and adds new ones. */
  edit(dice: Dice, shares: { changed: number; removed: number; added: number }): Promise<void>;
  run(sql: string): Promise<void>;
}

let tables = 0;

/** Creates the table with `count` rows. Every edit gives a row the next version. */
export async function createPeople(customer: TargetPostgres, count: number): Promise<People> {
  tables += 1;
  const table = `public.people_${tables}`;
  const versions = `public.versions_${tables}`;
  await customer.run(
    `create sequence ${versions}`,
    `create table ${table} (id serial primary key, version int not null default nextval('${versions}'), name text)`,
  );
  const people: People = {
    table,
    async all() {
      const rows = await customer.query<Person>(`select id, version, name from ${table} order by id`);
      return new Map(rows.map((row) => [row.id, row]));
    },
    add: (rows) =>
      customer.run(`insert into ${table} (name) select 'person ' || n from generate_series(1, ${rows}) n`),
    async edit(dice, { changed, removed, added }) {
      const ids = [...(await people.all()).keys()];
      const chosen = (share: number) => ids.filter(() => dice.chance(share));
      await customer.run(
        `update ${table} set version = nextval('${versions}'), name = 'edited ' || version where id = any('{${chosen(changed)}}')`,
        `delete from ${table} where id = any('{${chosen(removed)}}')`,
      );
      await people.add(Math.round(ids.length * added));
    },
    run: (sql) => customer.run(sql),
  };
  await people.add(count);
  return people;
}
