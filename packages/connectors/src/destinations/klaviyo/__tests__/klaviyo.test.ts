import type { Row } from '@sluice/domain/column';
import { until } from '@sluice/testing/until';
import { klaviyoKey, startKlaviyo } from '@sluice/testing/vendors/klaviyo/start-klaviyo';
import { describe, expect, it } from 'vitest';
import { deliverOnce, freely, recordsOf } from '../../__tests__/destination-context.ts';
import { useVendor } from '../../__tests__/use-vendor.ts';
import { klaviyoDestination } from '../definition.ts';

const world = useVendor(klaviyoDestination, startKlaviyo, (url) => ({
  access: 'key',
  apiKey: klaviyoKey,
  baseUrl: url,
}));
const mapped = (...names: string[]) =>
  names.map((name) => ({ type: 'column' as const, from: name, to: name }));
const profiles = (to = 'email') => ({
  object: 'profiles',
  mode: 'upsert' as const,
  matchKey: { from: to, to },
  mappings: mapped('first_name', 'location.city', 'plan', 'phone_number'),
});
const held = () => [...world.vendor.state.profiles.byId.values()].map(({ id: _, ...rest }) => rest);
const ada = { match: 'ada@example.com', fields: { first_name: 'Ada' } };
const size = 60;
type Person = { match: string; fields: Row };
const people = (change: Readonly<Record<number, Person>> = {}): Person[] =>
  Array.from(
    { length: size },
    (_, index) => change[index] ?? { match: `p${index}@example.com`, fields: { first_name: `N${index}` } },
  );
const jobs = () => [...world.vendor.state.jobs.values()];

describe('profiles', () => {
  it('get fields, places and properties where they belong; NULL takes them away', async () => {
    const writer = await world.writerOf(profiles());
    const fields = { first_name: 'Ada', 'location.city': 'London', plan: { name: 'gold' } };
    await deliverOnce(writer, recordsOf('upsert', [{ match: 'ada@example.com', fields }]));
    expect(held()).toEqual([
      {
        attributes: { email: 'ada@example.com', first_name: 'Ada' },
        location: { city: 'London' },
        properties: { plan: { name: 'gold' } },
      },
    ]);
    const emptied = { first_name: null, 'location.city': null, plan: null };
    await deliverOnce(writer, recordsOf('upsert', [{ match: 'ada@example.com', fields: emptied }]));
    expect(held()).toEqual([{ attributes: { email: 'ada@example.com' }, location: {}, properties: {} }]);
  });

  it('lose their mapped fields where that is chosen for rows that left', async () => {
    const writer = await world.writerOf({ ...profiles(), deleteBehaviour: 'clear' });
    await deliverOnce(writer, recordsOf('upsert', [{ ...ada, fields: { ...ada.fields, plan: 'gold' } }]));
    expect((await deliverOnce(writer, recordsOf('clear', [ada]))).outcomes).toEqual(['delivered']);
    expect(held()).toEqual([{ attributes: { email: 'ada@example.com' }, location: {}, properties: {} }]);
  });

  it.each(['phone_number', 'external_id', 'id'])('are found by %s', async (by) => {
    await deliverOnce(
      await world.writerOf(profiles('external_id')),
      recordsOf('upsert', [{ match: 'x1', fields: { first_name: 'Ada', phone_number: '+14155550100' } }]),
    );
    const [id = ''] = world.vendor.state.profiles.byId.keys();
    const match = { phone_number: '+14155550100', external_id: 'x1', id }[by] ?? '';
    const { outcomes } = await deliverOnce(
      await world.writerOf(profiles(by)),
      recordsOf('upsert', [{ match, fields: { first_name: 'Augusta' } }]),
    );
    expect(outcomes).toEqual(['delivered']);
    expect(held()).toMatchObject([{ attributes: { first_name: 'Augusta' } }]);
  });

  it('are refused in Klaviyo’s words, alone', async () => {
    const writer = await world.writerOf(profiles());
    const wrong = { match: 'eve@example.com', fields: { phone_number: '0815' } };
    const { outcomes, results } = await deliverOnce(
      writer,
      recordsOf('upsert', [ada, wrong, { match: ' ', fields: {} }]),
    );
    expect(outcomes).toEqual(['delivered', 'rejected:invalid', 'rejected:match_value_missing']);
    expect(results[1]).toMatchObject({
      message: expect.stringContaining('Invalid phone number format: 0815'),
    });
  });
});

describe('many profiles', () => {
  it.each(['place', 'payload'] as const)(
    'travel in one job, whose errors are matched to their rows by %s',
    async (named) => {
      world.vendor.state.errorsName = named;
      world.vendor.state.looks = 2;
      const bad = (index: number) => ({ match: `bad ${index}`, fields: { first_name: 'x' } });
      const rows = people({ 3: bad(3), 7: bad(7), 11: bad(11), 59: bad(59) });
      const { outcomes, results } = await deliverOnce(
        await world.writerOf(profiles()),
        recordsOf('upsert', rows),
      );
      const wrong = [3, 7, 11, 59];
      expect(outcomes).toEqual(
        rows.map((_, index) => (wrong.includes(index) ? 'rejected:invalid' : 'delivered')),
      );
      expect(results[59]).toMatchObject({ message: 'Invalid email address: bad 59' });
      expect(jobs()).toHaveLength(1);
      expect(held()).toHaveLength(size - 4);
    },
  );

  it('are in doubt where errors name no row, and when somebody cancelled the job', async () => {
    const writer = await world.writerOf(profiles());
    world.vendor.state.errorsName = 'nothing';
    const rows = people({ 3: { match: 'bad', fields: {} } });
    const { results } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['uncertain']));
    world.vendor.state.jobsEnd = 'cancelled';
    const cancelled = await deliverOnce(writer, recordsOf('upsert', people()));
    expect(new Set(cancelled.results.map(({ status }) => status))).toEqual(new Set(['uncertain']));
  });

  it('that are refused before the job begins stand alone, and the others go on', async () => {
    const fields = { locale: 'x'.repeat(30) };
    const rows = people({ 5: { match: 'a@example.com', fields }, 9: { match: 'b@example.com', fields } });
    const writer = await world.writerOf({ ...profiles(), mappings: mapped('first_name', 'locale') });
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(
      outcomes.map((outcome, index) => (outcome === 'delivered' ? -1 : index)).filter((at) => at >= 0),
    ).toEqual([5, 9]);
    expect(jobs().map(({ profiles: { length } }) => length)).toEqual([size - 2]);
  });

  it('whose job cannot be reached for a while ask the same job again', async () => {
    const writer = await world.writerOf(profiles());
    const rows = recordsOf('upsert', people());
    let asked = 0;
    const admit = () => {
      asked += 1;
      if (asked === 2) world.vendor.misbehave('unavailable', 4, 'all');
      return Promise.resolve();
    };
    const first = await writer.deliver(rows, { ...freely, admit });
    expect(first.results.every((result) => result.status === 'retry' && result.inDoubt)).toBe(true);
    const second = await writer.deliver(rows, freely);
    expect(new Set(second.results.map(({ status }) => status))).toEqual(new Set(['delivered']));
    expect(jobs()).toHaveLength(1);
  });

  it('ask the job that a worker before has begun, its refusals included', async () => {
    let kept: string | null = null;
    const memory = {
      goesOn: true,
      read: () => kept,
      keep: async (text: string) => {
        kept = text;
      },
    };
    world.vendor.state.looks = Number.POSITIVE_INFINITY;
    const wrong = { match: 'a@example.com', fields: { locale: 'x'.repeat(30) } };
    const rows = recordsOf('upsert', people({ 5: wrong }));
    const abort = new AbortController();
    const dying = (await world.writerOf(profiles())).deliver(rows, {
      ...freely,
      signal: abort.signal,
      memory,
    });
    await until('a job', () => jobs().some(({ status }) => status === 'processing'));
    abort.abort('shutdown');
    await dying;
    for (const job of jobs()) job.looks = 1;
    const { results } = await (await world.writerOf(profiles())).deliver(rows, { ...freely, memory });
    expect(results[5]).toMatchObject({ status: 'rejected', code: 'invalid' });
    expect(results.filter(({ status }) => status === 'delivered')).toHaveLength(size - 1);
    expect(jobs()).toHaveLength(1);
  });

  it('whose doubts a person decides are asked for, and never sent a second time', async () => {
    let kept: string | null = null;
    const keep = async (text: string) => {
      kept = text;
    };
    const memory = { goesOn: true, read: () => kept, keep };
    const rows = recordsOf('upsert', people());
    const asked = async (some = rows) => {
      const writer = await world.writerOf(profiles());
      const { results } = await writer.deliver(some, { ...freely, memory, asksOnly: true });
      return [...new Set(results.map(({ status }) => status))];
    };
    expect(await asked()).toEqual(['uncertain']);
    expect(await asked(rows.slice(0, 3))).toEqual(['uncertain']);
    expect(world.vendor.requests).toEqual([]);
    await (await world.writerOf(profiles())).deliver(rows, { ...freely, memory });
    expect(await asked()).toEqual(['delivered']);
    expect(jobs()).toHaveLength(1);
  });

  it('whose run is stopped are in doubt: Klaviyo goes on', async () => {
    const writer = await world.writerOf(profiles());
    world.vendor.state.looks = Number.POSITIVE_INFINITY;
    const abort = new AbortController();
    const sending = writer.deliver(recordsOf('upsert', people()), { ...freely, signal: abort.signal });
    await until('a job', () => jobs().some(({ status }) => status === 'processing'));
    abort.abort('cancelled');
    const { results } = await sending;
    expect(results.every(({ status }) => status === 'uncertain' || status === 'retry')).toBe(true);
  });
});

describe('lists', () => {
  const list = (to = 'email') => ({
    object: 'list-L5',
    mode: 'segment' as const,
    matchKey: { from: to, to },
  });
  const seed = async () =>
    deliverOnce(await world.writerOf(profiles()), recordsOf('upsert', people().slice(0, 3)));

  it('take members by an identifier, and let them go', async () => {
    await seed();
    const writer = await world.writerOf(list());
    const rows = [{ match: 'P0@example.com' }, { match: 'nobody@example.com' }, { match: 'p1@example.com' }];
    const { outcomes } = await deliverOnce(writer, recordsOf('add', rows));
    expect(outcomes).toEqual(['delivered', 'rejected:profile_not_found', 'delivered']);
    expect(world.vendor.state.lists.get('L5')?.size).toBe(2);
    const left = await deliverOnce(writer, recordsOf('remove', rows));
    expect(left.outcomes).toEqual(['delivered', 'delivered', 'delivered']);
    expect(world.vendor.state.lists.get('L5')?.size).toBe(0);
  });

  it('take members by Klaviyo’s ID without looking them up; an unknown one stands alone', async () => {
    await seed();
    const ids = [...world.vendor.state.profiles.byId.keys()];
    const writer = await world.writerOf(list('id'));
    const rows = [{ match: ids[0] ?? '' }, { match: 'nobody' }, { match: ids[1] ?? '' }];
    const { outcomes } = await deliverOnce(writer, recordsOf('add', rows));
    expect(outcomes).toEqual(['delivered', 'rejected:profile_not_found', 'delivered']);
    expect(world.vendor.requests.filter(({ path }) => path.startsWith('/api/profiles'))).toEqual([]);
  });

  it('are all listed, page by page, and take no fields', async () => {
    const objects = await world.connect().listObjects();
    expect(objects).toHaveLength(14);
    expect(objects.map(({ label }) => label)).toContain('List: Newsletter');
    await expect(world.problemsOf({ ...list(), mappings: mapped('name') })).resolves.toHaveProperty(
      'mappings',
    );
  });
});

describe('events', () => {
  const sync = {
    object: 'events',
    mode: 'event' as const,
    matchKey: { from: 'email', to: 'email' },
    mappings: mapped('metric', 'time', 'value', 'value_currency', 'total'),
  };
  const order = {
    match: 'ada@example.com',
    key: '1',
    fields: { metric: 'Ordered', time: '2026-11-22', value: '9.5', value_currency: 'EUR', total: 3 } as Row,
  };

  it('arrive once, whichever run sends them again', async () => {
    for (const run of [1, 2]) {
      const { outcomes } = await deliverOnce(await world.writerOf(sync, run), recordsOf('event', [order]));
      expect(outcomes).toEqual(['delivered']);
    }
    expect([...world.vendor.state.events.values()]).toMatchObject([
      {
        time: '2026-11-22T00:00:00.000Z',
        value: 9.5,
        value_currency: 'EUR',
        properties: { total: 3 },
        profile: { attributes: { email: 'ada@example.com' } },
      },
    ]);
  });

  it('that Klaviyo points at are refused, and the others are sent without them', async () => {
    const writer = await world.writerOf(sync);
    const wrong = (key: string, fields: Row, match = 'eve@example.com') => ({ match, key, fields });
    const rows = [
      order,
      wrong('2', order.fields, 'nobody'),
      wrong('3', { ...order.fields, metric: null }),
      wrong('4', { ...order.fields, time: 'then' }),
      wrong('5', { ...order.fields, value: 'much' }),
      { ...order, key: '6' },
    ];
    const { outcomes } = await deliverOnce(writer, recordsOf('event', rows));
    expect(outcomes).toEqual([
      'delivered',
      'rejected:invalid',
      'rejected:event_name_missing',
      'rejected:event_time_invalid',
      'rejected:event_value_invalid',
      'delivered',
    ]);
    expect(world.vendor.state.events.size).toBe(2);
  });
});
