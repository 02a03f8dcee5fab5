import type { Row } from '@sluice/domain/column';
import { beforeEach, describe, expect, it } from 'vitest';
import { deliverOnce, recordsOf } from '../../__tests__/destination-context.ts';
import { byId, columns, useContacts } from './use-contacts.ts';

const contacts = useContacts();

describe('upsert', () => {
  it('creates what is missing and updates what exists, mapped columns only', async () => {
    await contacts.sql(`insert into contacts values (1, 'old@x', 'Old', 40, true)`);
    const writer = await contacts.writerOf({ ...byId, mappings: columns('email', 'age') });
    const { outcomes, exchanges } = await deliverOnce(
      writer,
      recordsOf('upsert', [
        { match: 1, fields: { email: 'new@x', age: null } },
        { match: 9007199254740993n, fields: { email: 'big@x', age: 7 } },
      ]),
    );
    expect(outcomes).toEqual(['delivered', 'delivered']);
    expect(await contacts.sql('select id::text, email, name, age, vip from contacts order by id')).toEqual([
      { id: '1', email: 'new@x', name: 'Old', age: null, vip: true },
      { id: '9007199254740993', email: 'big@x', name: null, age: 7, vip: false },
    ]);
    expect(exchanges[0]?.request.body).toContain(
      'on conflict ("id") do update set "email" = excluded."email"',
    );
    expect(exchanges[0]?.request.body).not.toContain('big@x');
  });

  it('leaves fields alone that a record does not name', async () => {
    await contacts.sql(`insert into contacts values (1, 'a@x', 'Ann', 40), (2, 'b@x', 'Bob', 50)`);
    const writer = await contacts.writerOf({ ...byId, mappings: columns('email', 'name') });
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf('upsert', [
        { match: 1, fields: { name: 'Anna' } },
        { match: 2, fields: { email: null, name: 'Bobby' } },
        { match: 3, fields: {} },
      ]),
    );
    expect(outcomes).toEqual(['delivered', 'delivered', 'delivered']);
    expect(await contacts.sql('select id::int, email, name from contacts order by id')).toEqual([
      { id: 1, email: 'a@x', name: 'Anna' },
      { id: 2, email: null, name: 'Bobby' },
      { id: 3, email: null, name: null },
    ]);
  });

  it('refuses exactly the guilty rows of a large batch, each with the server’s words', async () => {
    const writer = await contacts.writerOf({ ...byId, mappings: columns('email', 'name', 'age', 'vip') });
    const rows = Array.from({ length: 2000 }, (_, index) => ({
      match: index,
      fields: { email: `${index}@x`, name: 'N', age: 1, vip: true } as Row,
    }));
    const spoil = (index: number, fields: Row) => {
      const row = rows[index];
      if (row) row.fields = { ...row.fields, ...fields };
    };
    spoil(10, { age: 'forty' });
    spoil(500, { name: 'x'.repeat(21) });
    spoil(501, { age: 200 });
    spoil(999, { email: '998@x' });
    spoil(1500, { vip: null });
    spoil(1999, { email: 'nul\0' });
    const { results, outcomes, exchanges } = await deliverOnce(writer, recordsOf('upsert', rows));
    const refused = Object.fromEntries(outcomes.entries().filter(([, outcome]) => outcome !== 'delivered'));
    expect(refused).toEqual({
      10: 'rejected:value_invalid',
      500: 'rejected:value_too_long',
      501: 'rejected:check_violation',
      999: 'rejected:unique_violation',
      1500: 'rejected:not_null_violation',
      1999: 'rejected:text_invalid',
    });
    expect(results[10]).toMatchObject({ message: 'age: invalid input syntax for type integer: "forty".' });
    expect(results[500]).toMatchObject({ message: expect.stringMatching(/^name: value too long/) });
    expect(exchanges.at(-1)?.response?.body).toContain('Key (email)=(998@x) already exists.');
    expect((await contacts.sql('select count(*)::int as n from contacts'))[0]).toEqual({ n: 1994 });
  });

  it('finds many guilty rows of several kinds, under names of any kind', async () => {
    await contacts.sql(`create table parents (id int primary key); insert into parents values (1);
      create table "odd $sluice$ "";--" ("n" int primary key, "$sluice0$" int references parents, "sluice_place" int check ("sluice_place" > 0))`);
    const writer = await contacts.writerOf({
      object: 'public."odd $sluice$ "";--"',
      matchKey: { from: 'n', to: 'n' },
      mappings: columns('$sluice0$', 'sluice_place'),
    });
    const rows = Array.from({ length: 900 }, (_, index) => ({
      match: index,
      fields: { $sluice0$: index % 3 === 0 ? 2 : 1, sluice_place: index % 5 === 0 ? 0 : 1 },
    }));
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    const expected = rows.map(({ fields }) => {
      if (fields.sluice_place === 0) return 'rejected:check_violation';
      return fields.$sluice0$ === 2 ? 'rejected:foreign_key_violation' : 'delivered';
    });
    expect(outcomes).toEqual(expected);
    const [count] = await contacts.sql(`select count(*)::int as n from "odd $sluice$ "";--"`);
    expect(count).toEqual({ n: expected.filter((outcome) => outcome === 'delivered').length });
  });

  it('refuses every row of a match value that repeats, as its type compares', async () => {
    await contacts.sql('create table prices (code numeric primary key, label text)');
    const writer = await contacts.writerOf({
      object: 'public.prices',
      matchKey: { from: 'code', to: 'code' },
      mappings: columns('label'),
    });
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf('upsert', [
        { match: '1.0', fields: { label: 'a' } },
        { match: '1', fields: { label: 'b' } },
        { match: '2', fields: { label: 'c' } },
        { match: '3', fields: { label: 'd' } },
        { match: '3', fields: { label: 'e' } },
      ]),
    );
    expect(outcomes).toEqual([
      'rejected:match_key_duplicate',
      'rejected:match_key_duplicate',
      'delivered',
      'rejected:match_key_duplicate',
      'rejected:match_key_duplicate',
    ]);
    expect(await contacts.sql('select label from prices')).toEqual([{ label: 'c' }]);
  });

  it('tells when a trigger drops a row without an error', async () => {
    await contacts.sql(`create function drop_seven() returns trigger language plpgsql as
      $$ begin if new.id = 7 then return null; end if; return new; end $$`);
    await contacts.sql(
      'create trigger t before insert on contacts for each row execute function drop_seven()',
    );
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    const rows = Array.from({ length: 20 }, (_, id) => ({ match: id, fields: { name: 'n' } }));
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(outcomes[7]).toBe('rejected:row_skipped');
    expect(outcomes.filter((outcome) => outcome === 'delivered')).toHaveLength(19);
  });
});

describe('insert', () => {
  it('refuses rows that exist, few or many, and writes the rest', async () => {
    await contacts.sql(`insert into contacts (id, email) select n, n || '@x' from generate_series(1, 900) n`);
    const writer = await contacts.writerOf({ mode: 'insert', mappings: columns('id', 'email') });
    const rows = Array.from({ length: 1000 }, (_, id) => ({ fields: { id, email: `${id}@x` } }));
    const { outcomes } = await deliverOnce(writer, recordsOf('create', rows));
    expect(outcomes.filter((outcome) => outcome === 'rejected:unique_violation')).toHaveLength(900);
    expect(outcomes[0]).toBe('delivered');
    expect((await contacts.sql('select count(*)::int as n from contacts'))[0]).toEqual({ n: 1000 });
  });

  it('works on a table without any key, and reports deferred constraints row by row', async () => {
    await contacts.sql(`create table parents (id int primary key);
      create table children (parent int references parents deferrable initially deferred, note text);
      insert into parents values (1)`);
    const writer = await contacts.writerOf({
      object: 'public.children',
      mode: 'insert',
      mappings: columns('parent', 'note'),
    });
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf('create', [{ fields: { parent: 1, note: 'a' } }, { fields: { parent: 2, note: 'b' } }]),
    );
    expect(outcomes).toEqual(['delivered', 'rejected:foreign_key_violation']);
  });
});

describe('update, clear and delete', () => {
  beforeEach(() => contacts.sql(`insert into contacts values (1, 'a@x', 'Ann', 40), (2, 'b@x', 'Bob', 50)`));

  it('updates what exists and refuses what does not', async () => {
    const writer = await contacts.writerOf({ mode: 'update', ...byId, mappings: columns('name') });
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf('update', [
        { match: 1, fields: { name: 'Anna' } },
        { match: 3, fields: { name: 'Cat' } },
        { match: 2, fields: {} },
        { match: null, fields: { name: 'x' } },
      ]),
    );
    expect(outcomes).toEqual([
      'delivered',
      'rejected:record_missing',
      'delivered',
      'rejected:match_key_null',
    ]);
    expect(await contacts.sql('select name from contacts order by id')).toEqual([
      { name: 'Anna' },
      { name: 'Bob' },
    ]);
  });

  it('never updates one record from two rows', async () => {
    await contacts.sql('create table prices (code numeric primary key, label text)');
    await contacts.sql(`insert into prices values (1, 'old')`);
    const writer = await contacts.writerOf({
      object: 'public.prices',
      mode: 'update',
      matchKey: { from: 'code', to: 'code' },
      mappings: columns('label'),
    });
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf('update', [
        { match: '1.0', fields: { label: 'a' } },
        { match: '1', fields: { label: 'b' } },
      ]),
    );
    expect(outcomes).toEqual(['rejected:match_key_duplicate', 'rejected:match_key_duplicate']);
    expect(await contacts.sql('select label from prices')).toEqual([{ label: 'old' }]);
  });

  it('clears mapped columns, and takes a missing record as cleared', async () => {
    const writer = await contacts.writerOf({
      ...byId,
      mappings: columns('email', 'age'),
      deleteBehaviour: 'clear',
    });
    const { outcomes } = await deliverOnce(writer, recordsOf('clear', [{ match: 1 }, { match: 9 }]));
    expect(outcomes).toEqual(['delivered', 'delivered']);
    expect(await contacts.sql('select email, name, age from contacts order by id')).toEqual([
      { email: null, name: 'Ann', age: null },
      { email: 'b@x', name: 'Bob', age: 50 },
    ]);
  });

  it('deletes, takes a missing record as deleted, and refuses one that others refer to', async () => {
    await contacts.sql(
      `create table notes (contact bigint references contacts); insert into notes values (2)`,
    );
    const writer = await contacts.writerOf({ mode: 'mirror', ...byId, mappings: columns('name') });
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf('delete', [{ match: 1 }, { match: 2 }, { match: 3 }]),
    );
    expect(outcomes).toEqual(['delivered', 'rejected:foreign_key_violation', 'delivered']);
    expect(await contacts.sql('select id::int from contacts')).toEqual([{ id: 2 }]);
  });
});
