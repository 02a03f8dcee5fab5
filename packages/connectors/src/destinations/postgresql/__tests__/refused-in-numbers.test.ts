import { describe, expect, it } from 'vitest';
import { deliverOnce, recordsOf } from '../../__tests__/destination-context.ts';
import { byId, columns, useContacts } from './use-contacts.ts';

const contacts = useContacts();

/** How many transactions and subtransactions the server counts while `work` goes on. */
async function transactionsOf(work: () => Promise<void>): Promise<number> {
  const next = async (): Promise<number> => {
    const [row] = await contacts.sql<{ xid: string }>('select pg_current_xact_id()::text as xid');
    return Number(row?.xid);
  };
  const before = await next();
  await work();
  return (await next()) - before;
}

describe('rows refused in numbers', () => {
  const rows = Array.from({ length: 5000 }, (_, index) => ({
    match: index + 1,
    fields: {
      email: index % 40 === 0 ? null : `${index}@example.com`,
      name: index % 55 === 1 ? null : 'Ann',
      age: index % 30 === 2 ? 150 : 30,
    },
  }));
  const mapped = { ...byId, mappings: columns('email', 'name', 'age') };
  const refusalOf = (fields: { email: string | null; name: string | null; age: number }): string =>
    fields.email === null || fields.name === null
      ? 'rejected:not_null_violation'
      : fields.age >= 150
        ? 'rejected:check_violation'
        : 'delivered';

  async function withRules(): Promise<void> {
    await contacts.sql('alter table contacts alter email set not null, alter name set not null');
  }

  it('finds rows that break several rules with a query for each rule, not a try for each row', async () => {
    await withRules();
    const writer = await contacts.writerOf(mapped);
    await deliverOnce(writer, recordsOf('upsert', [{ match: 9999, fields: { email: 'x', name: 'x' } }]));
    const used = await transactionsOf(async () => {
      const { outcomes, results } = await deliverOnce(writer, recordsOf('upsert', rows));
      expect(outcomes).toEqual(rows.map(({ fields }) => refusalOf(fields)));
      expect(results[2]).toMatchObject({ message: expect.stringContaining('"contacts_age_check"') });
    });
    // Trying the rows one by one takes a subtransaction for each of the 5,000.
    expect(used).toBeLessThan(50);
    const written = rows.filter(({ fields }) => refusalOf(fields) === 'delivered').length + 1;
    expect(await contacts.sql('select count(*)::int as n from contacts')).toEqual([{ n: written }]);
  });

  it('judges a rule by the value that the column would hold', async () => {
    await contacts.sql(`alter table contacts add column share numeric(4, 1), add column code varchar(3),
      add check (share <= 10), add check (code <> 'abc'), add check (name is not null or email is not null)`);
    const writer = await contacts.writerOf({ ...byId, mappings: columns('share', 'code', 'name') });
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf('upsert', [
        { match: 1, fields: { share: '10.04', code: 'x', name: 'a' } },
        { match: 2, fields: { share: '10.05', code: 'x', name: 'a' } },
        { match: 3, fields: { share: 1, code: 'abc', name: 'a' } },
        { match: 4, fields: { share: 1, code: 'abcd', name: 'a' } },
        { match: 5, fields: { share: 1, code: 'ab', name: null } },
        { match: 6, fields: { share: null, code: null, name: 'a' } },
      ]),
    );
    expect(outcomes).toEqual([
      'delivered',
      'rejected:check_violation',
      'rejected:check_violation',
      'rejected:value_too_long',
      'rejected:check_violation',
      'delivered',
    ]);
  });

  it('leaves the judgement to the server where a trigger mends rows', async () => {
    await withRules();
    await contacts.sql(`create function mend() returns trigger language plpgsql as $$ begin
        new.age := least(new.age, 149); new.email := coalesce(new.email, new.id::text); return new; end $$;
      create trigger mend before insert or update on contacts for each row execute function mend()`);
    const writer = await contacts.writerOf(mapped);
    const few = rows.slice(0, 300);
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', few));
    expect(outcomes).toEqual(
      few.map(({ fields }) => (fields.name === null ? 'rejected:not_null_violation' : 'delivered')),
    );
  });
});
