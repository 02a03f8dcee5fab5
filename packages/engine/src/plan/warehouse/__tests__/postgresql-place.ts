import { createTestSource } from '@sluice/connectors/sources/postgresql/__tests__/postgresql-source';
import { asOwner } from '@sluice/testing/postgres';
import type { PlannerPlace } from './planner-world.ts';

/** Columns of the test table and their types. */
export const tableColumns = {
  id: 'text',
  mail: 'text',
  amount: 'numeric',
  big: 'bigint',
  ratio: 'double precision',
  at: 'timestamptz',
  tags: 'text[]',
  doc: 'jsonb',
  raw: 'json',
  body: 'text',
} as const;

/** A real PostgreSQL server, as the user `reader`. */
export async function openPostgresqlPlace(): Promise<PlannerPlace> {
  const at = await createTestSource();
  const names = Object.keys(tableColumns);
  const run = (text: string, values: unknown[] = []) => asOwner(text, values, at.database);
  const definitions = Object.entries(tableColumns).map(([name, type]) => `${name} ${type}`);
  await run(readerSql);
  await run(`create table things (${definitions.join(', ')});
    grant select on things to reader;
    create schema sluice_planner;
    grant usage, create on schema sluice_planner to reader`);
  return {
    columns: names,
    table: { schema: 'public', table: 'things' },
    open: (planner) => at.open({ user: 'reader', password: 'r', planner }),
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
    close: () => at.context.close(),
  };
}

/** The server is shared by the tests of a file. */
export const readerSql = `
  do $$ begin
    if not exists (select from pg_roles where rolname = 'reader') then create role reader login password 'r'; end if;
  end $$`;
