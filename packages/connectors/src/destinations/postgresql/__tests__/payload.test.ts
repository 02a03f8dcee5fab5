import type { Row, Value } from '@sluice/domain/column';
import { describe, expect, it } from 'vitest';
import type { DestinationWriter } from '../../../kit/destination.ts';
import { recordsOf } from '../../__tests__/destination-context.ts';
import { deliverText, tally } from './payload-text.ts';
import { byId, columns, useContacts } from './use-contacts.ts';

const contacts = useContacts();

const people = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    match: from + index,
    fields: { email: `${from + index}@x`, name: 'N', age: 1, vip: true } as Row,
  }));
const fieldsOf = columns('email', 'name', 'age', 'vip');
const count = async (table = 'contacts'): Promise<number> => {
  const [row] = await contacts.sql<{ n: number }>(`select count(*)::int as n from ${table}`);
  return row?.n ?? -1;
};
/** The statement that wrote the rows, by its first words. */
const wayOf = ({ exchanges }: { exchanges: readonly { request: { body: string | null } }[] }) =>
  exchanges.map(({ request }) => request.body?.split(' ').slice(0, 2).join(' '));

describe('rows as text', () => {
  it('go straight into the table while they are new, and by way of staging from the first that exists', async () => {
    const writer = await contacts.writerOf({ ...byId, mappings: fieldsOf });
    const first = await deliverText(writer, recordsOf('upsert', people(1000)));
    expect([first.kind, wayOf(first)]).toEqual(['all', ['copy "public"."contacts"']]);
    const second = await deliverText(writer, recordsOf('upsert', people(1000, 500)));
    expect([second.kind, wayOf(second)]).toEqual(['all', ['create temp']]);
    // Rows that exist come in company: straight in is not tried again.
    const third = await deliverText(writer, recordsOf('upsert', people(1000, 5000)));
    expect([third.kind, wayOf(third)]).toEqual(['all', ['create temp']]);
    expect(tally([...first.outcomes, ...second.outcomes, ...third.outcomes])).toEqual({ delivered: 3000 });
    expect(await count()).toBe(2500);
    expect(first.exchanges[0]).toMatchObject({
      request: { summary: 'UPSERT public.contacts (1000 rows)' },
      response: { summary: 'COMMIT: upsert 1000 of 1000 rows' },
      error: null,
    });
  });

  it('update exactly the mapped columns of records that exist', async () => {
    await contacts.sql(
      `insert into contacts values (1, 'old@x', 'Old', 40, true), (2, null, 'Two', 50, true)`,
    );
    const writer = await contacts.writerOf({ ...byId, mappings: columns('email', 'age') });
    const rows = [
      { match: 1, fields: { email: 'new@x', age: null } },
      { match: 3, fields: { email: null, age: 3 } },
    ];
    expect((await deliverText(writer, recordsOf('upsert', rows))).kind).toBe('all');
    expect(await contacts.sql('select id::int, email, name, age, vip from contacts order by id')).toEqual([
      { id: 1, email: 'new@x', name: 'Old', age: null, vip: true },
      { id: 2, email: null, name: 'Two', age: 50, vip: true },
      { id: 3, email: null, name: null, age: 3, vip: false },
    ]);
  });

  it('can be nothing but match values', async () => {
    await contacts.sql(`insert into contacts values (1, null, 'Old')`);
    const writer = await contacts.writerOf({ ...byId, mappings: [] });
    const { outcomes } = await deliverText(writer, recordsOf('upsert', [{ match: 1 }, { match: 2 }]));
    expect(outcomes).toEqual(['delivered', 'delivered']);
    expect(await contacts.sql('select id::int, name from contacts order by id')).toEqual([
      { id: 1, name: 'Old' },
      { id: 2, name: null },
    ]);
  });

  it.each<[string, Row, string, RegExp]>([
    [
      'a bad number',
      { age: 'forty' },
      'value_invalid',
      /age: invalid input syntax for type integer: "forty"/,
    ],
    ['NULL', { vip: null }, 'not_null_violation', /"vip" of relation "contacts" violates not-null/],
    ['a check', { age: 200 }, 'check_violation', /contacts_age_check/],
    ['a text that is too long', { name: 'x'.repeat(21) }, 'value_too_long', /^name: value too long/],
    ['a missing parent', { parent: 2 }, 'foreign_key_violation', /contacts_parent_fkey/],
    ['a value that another record has', { email: 'taken@x' }, 'unique_violation', /contacts_email_key/],
    ['a NUL', { email: 'a\0b' }, 'text_invalid', /NUL/],
  ])('lose none of 3,000 when one is refused for %s', async (_what, spoiled, code, words) => {
    await contacts.sql(`create table parents (id int primary key); insert into parents values (1);
      alter table contacts add parent int references parents;
      insert into contacts (id, email) values (-1, 'taken@x')`);
    const writer = await contacts.writerOf({ ...byId, mappings: [...fieldsOf, ...columns('parent')] });
    const rows = people(3001).map(({ match, fields }) => ({
      match,
      fields: { ...fields, parent: 1 } as Row,
    }));
    Object.assign(rows[1234]?.fields ?? {}, spoiled);
    const { kind, results, outcomes } = await deliverText(writer, recordsOf('upsert', rows));
    expect(kind).toBe('apart');
    expect(tally(outcomes)).toEqual({ delivered: 3000, [`rejected:${code}`]: 1 });
    expect(results[1234]).toMatchObject({ message: expect.stringMatching(words) });
    expect(await count()).toBe(3001);
  });

  it('are written as records for a while after a refusal, longer each time, and then as text again', async () => {
    const writer = await contacts.writerOf({ ...byId, mappings: fieldsOf });
    const kinds: string[] = [];
    for (const bad of [true, false, false, true, false, false, false, false, true, false, false]) {
      const rows = people(3, kinds.length * 10);
      if (bad) Object.assign(rows[1]?.fields ?? {}, { age: 200 });
      const { kind, outcomes } = await deliverText(writer, recordsOf('upsert', rows));
      kinds.push(kind);
      expect(tally(outcomes)).toEqual(
        bad ? { delivered: 2, 'rejected:check_violation': 1 } : { delivered: 3 },
      );
    }
    // One batch after the first refusal, and one again after text has worked.
    expect(kinds.map((kind) => (kind === 'all' ? 'a' : '.')).join('')).toBe('..a..aaa..a');
    const later = await contacts.writerOf({ ...byId, mappings: fieldsOf });
    const bad = () => recordsOf('upsert', [{ match: 1, fields: { age: 200, vip: true } }]);
    const tried: boolean[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      let admitted = 0;
      const admit = async () => {
        admitted += 1;
      };
      await deliverText(later, bad(), { admit });
      tried.push(admitted > 1);
    }
    // Refused again at once: one batch, then two, then four are not tried as text.
    expect(tried.map((one) => (one ? 't' : '.')).join('')).toBe('t.t..t....t.');
  });

  it('that a trigger drops in silence are found', async () => {
    await contacts.sql(`create function drop_seven() returns trigger language plpgsql as
      $$ begin if new.id = 7 then return null; end if; return new; end $$;
      create trigger t before insert on contacts for each row execute function drop_seven()`);
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    const { kind, outcomes } = await deliverText(writer, recordsOf('upsert', people(20)));
    expect(kind).toBe('apart');
    expect(outcomes[7]).toBe('rejected:row_skipped');
    expect(tally(outcomes)).toEqual({ delivered: 19, 'rejected:row_skipped': 1 });
    expect(await count()).toBe(19);
  });

  it('that a trigger changes stay as it left them', async () => {
    await contacts.sql(`create function shout() returns trigger language plpgsql as
      $$ begin new.name = upper(new.name); return new; end $$;
      create trigger t before insert or update on contacts for each row execute function shout()`);
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    for (const name of ['ann', 'bob']) {
      expect((await deliverText(writer, recordsOf('upsert', [{ match: 1, fields: { name } }]))).kind).toBe(
        'all',
      );
    }
    expect(await contacts.sql('select name from contacts')).toEqual([{ name: 'BOB' }]);
  });

  it('obey row level security', async () => {
    const role = `guarded_${contacts.database.name}`;
    await contacts.sql(`create role ${role} login password 'pw'; grant usage on schema public to ${role};
      grant select, insert, update, delete on contacts to ${role};
      alter table contacts enable row level security;
      create policy own on contacts to ${role} using (true) with check (age < 100)`);
    await contacts.reopen({ user: role, password: 'pw' });
    const writer = await contacts.writerOf({ ...byId, mappings: fieldsOf });
    const fine = await deliverText(writer, recordsOf('upsert', people(10)));
    expect([fine.kind, wayOf(fine)]).toEqual(['all', ['create temp']]);
    const rows = people(10, 10);
    Object.assign(rows[3]?.fields ?? {}, { age: 120 });
    const { outcomes } = await deliverText(writer, recordsOf('upsert', rows));
    expect(tally(outcomes)).toEqual({ delivered: 9, 'rejected:row_security_violation': 1 });
    expect(await count()).toBe(19);
  });

  it('do not go round rules, which COPY would not follow', async () => {
    await contacts.sql(`create table moved (id bigint, name text);
      create rule away as on insert to contacts do instead insert into moved values (new.id, new.name)`);
    const insert = await contacts.writerOf({ mode: 'insert', mappings: columns('id', 'name') });
    expect(insert.payloads?.format('added')).toBeNull();
    const upsert = await contacts.writerOf({ ...byId, mappings: columns('name') });
    await expect(deliverText(upsert, recordsOf('upsert', people(2)))).rejects.toMatchObject({
      code: 'destination_failed',
    });
    expect([await count(), await count('moved')]).toEqual([0, 0]);
  });

  it('leave columns that the server makes to the server', async () => {
    await contacts.sql(`create table made (id int primary key, n int generated always as identity,
      price int, twice int generated always as (price * 2) stored, own int generated by default as identity)`);
    const input = { object: 'public.made', ...byId, mappings: columns('price') };
    const writer = await contacts.writerOf(input);
    const sent = await deliverText(
      writer,
      recordsOf(
        'upsert',
        [1, 2, 3].map((match) => ({ match, fields: { price: 5 } })),
      ),
    );
    expect([sent.kind, wayOf(sent)]).toEqual(['all', ['create temp']]);
    expect(await contacts.sql('select * from made order by id')).toEqual(
      [1, 2, 3].map((id) => ({ id, n: id, price: 5, twice: 10, own: id })),
    );
    const identity = await contacts.writerOf({ ...input, mappings: columns('n') });
    await expect(
      deliverText(identity, recordsOf('upsert', [{ match: 9, fields: { n: 9 } }])),
    ).rejects.toMatchObject({ code: 'mapping_invalid' });
    expect(await count('made')).toBe(3);
  });

  it('of which several have one match value, as its type compares, are refused together', async () => {
    await contacts.sql(`create table prices (code numeric primary key, label text);
      create table moments (at timestamptz primary key, label text)`);
    const twins = async (object: string, to: string, matches: Value[]) => {
      const writer = await contacts.writerOf({
        object,
        matchKey: { from: 'code', to },
        mappings: columns('label'),
      });
      const rows = matches.map((match, index) => ({ match, fields: { label: String(index) } }));
      // The second time they meet what is there.
      const first = await deliverText(writer, recordsOf('upsert', rows));
      const second = await deliverText(writer, recordsOf('upsert', rows));
      return [first.outcomes, second.outcomes];
    };
    const expected = ['rejected:match_key_duplicate', 'delivered', 'rejected:match_key_duplicate'];
    expect(await twins('public.prices', 'code', ['1.0', '2', '1'])).toEqual([expected, expected]);
    expect(
      await twins('public.moments', 'at', ['2026-11-22T07:00:00Z', 'infinity', '2026-11-22 08:00:00+01']),
    ).toEqual([expected, expected]);
    expect(await contacts.sql('select label from prices union all select label from moments')).toEqual([
      { label: '1' },
      { label: '1' },
    ]);
  });

  it('reach columns of any name and type', async () => {
    await contacts.sql(`alter database ${contacts.database.name} set timezone = 'UTC';
      create type mood as enum ('happy', 'sad');
      create domain country as varchar(2) check (value ~ '^[A-Z]+$');
      create table "odd ""table""" ("select" int primary key, "a""b" text, "x\\y" char(5), mood mood, country country,
        doc jsonb, raw json, price numeric(12,2), cash money, bin bytea, at timestamptz, day date, uid uuid, ip inet,
        yes boolean, bits bit(3), span interval)`);
    const values = {
      ...{
        'a"b': 'tab\t\\N\r\n\u001f',
        'x\\y': 'ab',
        mood: 'sad',
        country: 'DE',
        doc: { b: [1, null] },
        raw: [1],
      },
      ...{
        price: '12.345',
        cash: '$1,234.50',
        bin: '\\x00ff',
        at: '2026-11-22T07:00:00.5Z',
        day: '2026-11-22',
      },
      ...{
        uid: 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
        ip: '10.0.0.1/8',
        yes: true,
        bits: '101',
        span: 'P1DT2H',
      },
    };
    const writer = await contacts.writerOf({
      object: 'public."odd ""table"""',
      matchKey: { from: 'id', to: 'select' },
      mappings: Object.keys(values).map((to) => ({ type: 'column' as const, to, from: to })),
    });
    const expected = {
      ...{
        'a"b': 'tab\t\\N\r\n\u001f',
        'x\\y': 'ab',
        mood: 'sad',
        country: 'DE',
        doc: '{"b": [1, null]}',
        raw: '[1]',
      },
      ...{
        price: '12.35',
        cash: '$1,234.50',
        bin: '\\x00ff',
        at: '2026-11-22 07:00:00.5+00',
        day: '2026-11-22',
      },
      ...{
        uid: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
        ip: '10.0.0.1/8',
        yes: 'true',
        bits: '101',
        span: '1 day 02:00:00',
      },
    };
    const texts = Object.keys(values).map(
      (name) => `"${name.replaceAll('"', '""')}"::text as "${name.replaceAll('"', '""')}"`,
    );
    for (const way of ['copy "public"."odd', 'create temp']) {
      const sent = await deliverText(writer, recordsOf('upsert', [{ match: 1, fields: values }]));
      expect([sent.outcomes, wayOf(sent)]).toEqual([['delivered'], [way]]);
      const [row] = await contacts.sql(`select ${texts.join(', ')} from "odd ""table"""`);
      expect(row).toEqual(expected);
    }
    const bad = await deliverText(
      writer,
      recordsOf('upsert', [{ match: 2, fields: { ...values, mood: 'so so' } }]),
    );
    expect(bad.outcomes).toEqual(['rejected:value_invalid']);
    const low = await deliverText(
      writer,
      recordsOf('upsert', [{ match: 3, fields: { ...values, country: 'de' } }]),
    );
    expect(low.outcomes).toEqual(['rejected:check_violation']);
  });

  it('are records where the table holds lists', async () => {
    await contacts.sql('create table lists (id int primary key, words text[])');
    const writer = await contacts.writerOf({ object: 'public.lists', ...byId, mappings: columns('words') });
    expect(writer.payloads?.format('added')).toBeNull();
  });

  it('are there for rows that are created and upserted, and for no others', async () => {
    const formats = (writer: DestinationWriter) =>
      (['added', 'changed', 'removed'] as const).map(
        (name) => writer.payloads?.format(name)?.rows.kind ?? null,
      );
    const of = async (mode: 'insert' | 'update' | 'upsert' | 'mirror') =>
      formats(await contacts.writerOf({ mode, ...byId, mappings: columns('name') }));
    expect(await of('upsert')).toEqual(['lines', 'lines', null]);
    expect(await of('mirror')).toEqual(['lines', 'lines', null]);
    expect(await of('insert')).toEqual(['lines', null, null]);
    expect(await of('update')).toEqual([null, null, null]);
  });

  it('are created, and refused one by one where they exist', async () => {
    await contacts.sql(`insert into contacts (id) values (5)`);
    const writer = await contacts.writerOf({ mode: 'insert', mappings: columns('id', 'email') });
    const rows = (from: number) =>
      Array.from({ length: 10 }, (_, index) => ({
        fields: { id: from + index, email: `${from + index}@x` },
      }));
    const fine = await deliverText(writer, recordsOf('create', rows(100)));
    expect([fine.kind, wayOf(fine)]).toEqual(['all', ['copy "public"."contacts"']]);
    const mixed = await deliverText(writer, recordsOf('create', rows(0)));
    expect(tally(mixed.outcomes)).toEqual({ delivered: 9, 'rejected:unique_violation': 1 });
    expect(mixed.outcomes[5]).toBe('rejected:unique_violation');
    expect(await count()).toBe(20);
  });
});
