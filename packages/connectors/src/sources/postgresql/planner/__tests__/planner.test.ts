import { readFile, rm, writeFile } from 'node:fs/promises';
import { asOwner } from '@sluice/testing/postgres';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectContext } from '../../../../kit/context.ts';
import type { ComparedColumns, MirrorState, SourcePlanner } from '../../../../kit/planner.ts';
import { readCsv, spoolPath, sql } from '../../../__tests__/spooled-rows.ts';
import { createTestSource, type TestSource } from '../../__tests__/postgresql-source.ts';

const syncId = 7;
const state: MirrorState = { files: ['base'], matchColumn: null };
let at: TestSource;

beforeAll(async () => {
  at = await createTestSource();
  await owner(`
    create role planner login password 'p';
    create table things (id int primary key, name text);
    insert into things select n, 'n' || n from generate_series(1, 20) n;
    grant select on things to planner;
    create schema sluice_planner;
    grant usage, create on schema sluice_planner to planner`);
});
afterAll(() => at.context.close());

const owner = (text: string, values: unknown[] = []) =>
  asOwner<Record<string, unknown>>(text, values, at.database);
const open = (overrides: Partial<ConnectContext> = {}): SourcePlanner => {
  const { planner } = at.open({ user: 'planner', password: 'p', planner: 'warehouse' }, overrides);
  if (!planner) throw new Error('the source does not plan');
  return planner;
};

/** Key and value of a model, against a mirror or (`null`) nothing; answers what was written. */
async function compare(
  text: string,
  mirror: ComparedColumns['mirror'] = null,
  planner = open(),
): Promise<{ compared: boolean; cells: (string | null)[][] }> {
  const path = spoolPath();
  try {
    const choose = () => ({ key: 0, values: [1], match: null, mirror });
    const { compared, rows } = await planner.compare(
      sql(text),
      { syncId, choose, onProgress: () => undefined },
      path,
    );
    const cells = compared ? readCsv(await readFile(path, 'utf8')) : [];
    expect(cells).toHaveLength(rows);
    return { compared, cells };
  } finally {
    await rm(path, { force: true });
  }
}

/** Writes the mirror of a model as it is now. */
async function mirrorOf(text: string): Promise<MirrorState> {
  const { cells } = await compare(text);
  const rows = cells.filter(([kind]) => kind === 'row');
  const path = spoolPath();
  await writeFile(path, rows.map(([, , key, print]) => `"${key}",${print},\n`).join(''));
  await open().replace(syncId, state, path);
  await rm(path);
  return state;
}

const model = 'select id, name from things order by id';

describe('the planner of PostgreSQL', () => {
  beforeEach(() => open().drop([syncId]));

  test('answers rows with another print, keys that are gone, and counts', async () => {
    const mirror = await mirrorOf(model);
    expect((await compare(model, mirror)).cells).toEqual([
      ['queried', '20', null, null, null],
      ['unkeyed', '0', null, null, null],
      ['held', '20', null, null, null],
    ]);
    const other = `select id, case id when 3 then 'new' else name end from things where id <> 5
      union all select 21, 'more' union all select null, 'no key'`;
    const { cells } = await compare(other, mirror);
    const without = cells.map(([kind, number, key, , value]) => [kind, number, key, value]);
    expect(without.toSorted()).toEqual(
      [
        ['gone', null, '5', null],
        ['held', '20', null, null],
        ['queried', '21', null, null],
        ['row', null, '21', 'more'],
        ['row', null, '3', 'new'],
        ['unkeyed', '1', null, null],
      ].toSorted(),
    );
  });

  test('compares keys byte by byte, whatever their collation holds to be equal', async () => {
    await owner(
      `create collation if not exists blurred (provider = icu, locale = 'und-u-ks-level1', deterministic = false)`,
    );
    const keys = (text: string) => `select k collate blurred, 'x' from (values ${text}) v (k)`;
    const mirror = await mirrorOf(keys(`('a'), ('A')`));
    const { cells } = await compare(keys(`('a'), ('á')`), mirror);
    expect(
      cells.filter(([kind]) => kind === 'row' || kind === 'gone').map(([kind, , key]) => [kind, key]),
    ).toEqual([
      ['row', 'á'],
      ['gone', 'A'],
    ]);
  });

  test('notices new names inside of values, which PostgreSQL does not write with them', async () => {
    await owner('create type pair as (a int, b text)');
    const pairs = `select 1, row(1, 'x')::pair`;
    const list = `select 1, array[row(1, 'x')::pair]`;
    for (const [text, names] of [
      [pairs, ['a', 'z']],
      [list, ['z', 'a']],
    ] as const) {
      const mirror = await mirrorOf(text);
      expect((await compare(text, mirror)).cells).toHaveLength(3);
      await owner(`alter type pair rename attribute ${names[0]} to ${names[1]}`);
      expect((await compare(text, mirror)).cells[0]?.slice(0, 3)).toEqual(['row', null, '1']);
    }
  });

  test('finds keys that are used twice, known or new, changed or not', async () => {
    const mirror = await mirrorOf(model);
    const doubled = `${model.replace(' order by id', '')} union all select 1, 'n1' union all select 2, 'other'
      union all select 30, 'a' union all select 30, 'a' union all select 30, 'b'`;
    const { cells } = await compare(doubled, mirror);
    const found = cells
      .filter(([kind]) => kind !== 'queried' && kind !== 'unkeyed')
      .map(([kind, number, key]) => [kind, number, key]);
    expect(found.toSorted()).toEqual(
      [
        ['held', '20', null],
        ['twice', '2', '1'],
        ['twice', '2', '2'],
        ['twice', '3', '30'],
      ].toSorted(),
    );
  });

  test('finds them and the right number of keys also when a key was taken out of the mirror', async () => {
    const mirror = await mirrorOf(model);
    await owner(`delete from sluice_planner.ledger_7 where key = '20'`);
    const { cells } = await compare(
      `${model.replace(' order by id', '')} where id <> 20 union all select 1, 'other'`,
      mirror,
    );
    const found = cells.map(([kind, number, key]) => [kind, number, key]);
    expect(found).toContainEqual(['twice', '2', '1']);
    expect(found).toContainEqual(['held', '19', null]);
  });

  test('compares nothing with a mirror of another ledger', async () => {
    await mirrorOf(model);
    const later: MirrorState = { files: ['base', 'delta'], matchColumn: null };
    expect(await compare(model, later)).toEqual({ compared: false, cells: [] });
    expect(await open().advance(syncId, later, state, '/dev/null')).toBe(false);
  });

  test.each([
    `with gone as (delete from sluice_planner.ledger_7 returning key) select key, key from gone`,
    `insert into sluice_planner.ledger_7 values ('x') returning key, key`,
    `select 1, '1'; drop table sluice_planner.ledger_7`,
    `select 1) as a; drop table sluice_planner.ledger_7; --`,
    `select 1, set_config('transaction_read_only', 'off', true)`,
    `select key, key into sluice_planner.other from sluice_planner.ledger_7`,
    `select key, key from sluice_planner.ledger_7 for update`,
  ])('keeps a model from writing to its tables: %s', async (attack) => {
    const mirror = await mirrorOf(model);
    await expect(compare(attack, mirror)).rejects.toMatchObject({ code: expect.stringMatching(/^query_/) });
    expect(await owner('select count(*)::int as rows from sluice_planner.ledger_7')).toEqual([{ rows: 20 }]);
    expect(await owner(`select to_regclass('sluice_planner.other') as other`)).toEqual([{ other: null }]);
  });

  test('lets go of the server when the run is cancelled', async () => {
    const abort = new AbortController();
    const slow = `select id, (pg_sleep(20), 'sleeps for the planner')::text from things where id = 1`;
    const running = compare(slow, null, open({ signal: abort.signal }));
    const asleep = () =>
      owner(
        `select pid from pg_stat_activity where query like 'COPY%sleeps for the planner%' and state = 'active'`,
      );
    await until('the query to run', async () => (await asleep()).length > 0);
    abort.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    await until('the query to end', async () => (await asleep()).length === 0);
  });

  test('stops a model that says nothing for too long', async () => {
    const impatient = open({ timeouts: { connectMs: 5_000, requestMs: 5_000, queryMs: 300 } });
    const slow = `select 1, pg_sleep(30)::text`;
    await expect(compare(slow, null, impatient)).rejects.toMatchObject({ code: 'source_timeout' });
  });

  test('does not wait for ever for tables that somebody holds', async () => {
    await mirrorOf(model);
    const hasty = open({ timeouts: { connectMs: 5_000, requestMs: 200 } });
    const held = owner(`begin; lock table sluice_planner.ledger_7; select pg_sleep(2)`);
    await until('the lock', async () => {
      const locks = await owner(
        `select from pg_locks where relation = 'sluice_planner.ledger_7'::regclass and mode = 'AccessExclusiveLock' and granted`,
      );
      return locks.length > 0;
    });
    await expect(hasty.drop([syncId])).rejects.toMatchObject({ code: 'source_failed' });
    await held;
    expect(await open().list()).toEqual([syncId]);
  });

  test('lists and drops its own tables and nothing else', async () => {
    await mirrorOf(model);
    await owner('create table if not exists sluice_planner.notes (x int)');
    await owner('create table if not exists sluice_planner.ledger_99 (x int)');
    expect(await open().list()).toEqual([syncId]);
    await open().drop([syncId]);
    expect(await open().list()).toEqual([]);
    const left = await owner(
      `select relname::text as name from pg_class where relnamespace = 'sluice_planner'::regnamespace and relkind = 'r' order by 1`,
    );
    expect(left).toEqual([{ name: 'ledger_99' }, { name: 'notes' }]);
    await owner('drop table sluice_planner.notes, sluice_planner.ledger_99');
  });
});

test('a source that compares in Sluice has no planner', () => {
  expect(at.open({ planner: 'local' }).planner).toBeUndefined();
  expect(at.source.planner).toBeUndefined();
});
