import { hubspotToken, startHubspot } from '@sluice/testing/vendors/hubspot/start-hubspot';
import { describe, expect, it } from 'vitest';
import { configurationOf, deliverOnce, recordsOf } from '../../__tests__/destination-context.ts';
import { useVendor } from '../../__tests__/use-vendor.ts';
import { hubspotDestination } from '../definition.ts';

const world = useVendor(hubspotDestination, startHubspot, (url) => ({
  accessToken: hubspotToken,
  baseUrl: url,
}));
const mapped = (...names: string[]) =>
  names.map((name) => ({ type: 'column' as const, from: name, to: name }));
const contacts = (mode: 'upsert' | 'insert' | 'update' | 'mirror' | 'archive', to = 'email') => ({
  object: 'contacts',
  mode,
  matchKey: { from: to, to },
  mappings: mapped('firstname', 'revenue'),
});
const held = () => [...(world.vendor.state.records.contacts?.values() ?? [])];
const ada = { match: 'ada@example.com', fields: { firstname: 'Ada' } };
const eve = { match: 'eve@example.com', fields: { firstname: 'Eve' } };

describe('records', () => {
  it('are created and updated by a unique property, in HubSpot’s forms', async () => {
    const writer = await world.writerOf({
      ...contacts('upsert'),
      mappings: mapped('firstname', 'birthday', 'last_seen', 'interests', 'revenue'),
    });
    const fields = {
      firstname: 'Ada',
      birthday: '1815-12-10T00:00:00Z',
      last_seen: '2026-11-22 10:00:00+01',
      interests: ['wine', 'tea'],
      revenue: 12.5,
    };
    await deliverOnce(writer, recordsOf('upsert', [{ match: 'ada@example.com', fields }]));
    expect(held()).toEqual([
      {
        email: 'ada@example.com',
        firstname: 'Ada',
        birthday: '1815-12-10',
        last_seen: '2026-11-22T09:00:00.000Z',
        interests: 'wine;tea',
        revenue: '12.5',
      },
    ]);
    await deliverOnce(writer, recordsOf('upsert', [{ match: 'ada@example.com', fields: { revenue: null } }]));
    expect(held()[0]).not.toHaveProperty('revenue');
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf('upsert', [{ match: 'x@example.com', fields: { birthday: 'soon' } }]),
    );
    expect(outcomes).toEqual(['rejected:time_invalid']);
  });

  it('are refused one by one where a 207 says so', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    const rows = [ada, { match: 'bad@example.com', fields: { revenue: 'much' } }, eve];
    const { outcomes, results } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(outcomes).toEqual(['delivered', 'rejected:validation_error', 'delivered']);
    expect(results[1]).toMatchObject({ message: 'much was not a valid number.' });
    expect(held()).toHaveLength(2);
  });

  it('that stand in one batch twice, but for their case, travel in two requests', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    const rows = [ada, { match: 'ADA@example.com', fields: { firstname: 'Ada again' } }, eve];
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(outcomes).toEqual(['delivered', 'delivered', 'delivered']);
    expect(held().map(({ firstname }) => firstname)).toEqual(['Ada again', 'Eve']);
  });

  it('that exist are refused by an insert, and stand alone', async () => {
    const writer = await world.writerOf(contacts('insert'));
    await deliverOnce(writer, recordsOf('create', [ada]));
    const { outcomes, results } = await deliverOnce(writer, recordsOf('create', [eve, ada]));
    expect(outcomes).toEqual(['delivered', 'rejected:conflict']);
    expect(results[1]).toMatchObject({ message: expect.stringContaining('Contact already exists') });
  });

  it('are not created by an update', async () => {
    const writer = await world.writerOf(contacts('update'));
    const { outcomes } = await deliverOnce(writer, recordsOf('update', [ada]));
    expect(outcomes).toEqual(['rejected:object_not_found']);
    expect(held()).toEqual([]);
  });

  it('are updated by the id that HubSpot made, which creates nothing', async () => {
    await deliverOnce(await world.writerOf(contacts('upsert')), recordsOf('upsert', [ada]));
    const byId = await world.writerOf(contacts('update', 'hs_object_id'));
    const { outcomes } = await deliverOnce(
      byId,
      recordsOf('update', [{ match: 1, fields: { firstname: 'Augusta' } }]),
    );
    expect(outcomes).toEqual(['delivered']);
    expect(held()[0]).toMatchObject({ firstname: 'Augusta' });
    await expect(world.problemsOf(contacts('upsert', 'hs_object_id'))).resolves.toHaveProperty([
      'matchKey.to',
    ]);
    await expect(world.problemsOf(contacts('update', 'hs_object_id'))).resolves.toEqual({});
  });

  it.each([
    ['delete', 'mirror'],
    ['archive', 'archive'],
  ] as const)('are archived when their row has left: %s', async (operation, mode) => {
    const writer = await world.writerOf(contacts(mode));
    await deliverOnce(writer, recordsOf('upsert', [ada, eve]));
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf(operation, [ada, { match: 'gone@example.com' }]),
    );
    expect(outcomes).toEqual(['delivered', 'delivered']);
    expect(world.vendor.state.archived).toEqual(new Set(['contacts:1']));
    expect(held().map(({ firstname }) => firstname)).toEqual(['Eve']);
  });

  it('lose their mapped properties where that is chosen, and nothing else', async () => {
    const writer = await world.writerOf({ ...contacts('upsert'), deleteBehaviour: 'clear' });
    await deliverOnce(writer, recordsOf('upsert', [ada]));
    const { outcomes } = await deliverOnce(writer, recordsOf('clear', [ada]));
    expect(outcomes).toEqual(['delivered']);
    expect(held()).toEqual([{ email: 'ada@example.com' }]);
  });

  it('of custom types, companies, deals and tickets are written alike', async () => {
    for (const [object, to] of [
      ['2-7', 'vin'],
      ['companies', 'account_no'],
      ['deals', 'deal_no'],
      ['tickets', 'ticket_no'],
    ] as const) {
      const sync = { object, mode: 'upsert' as const, matchKey: { from: 'no', to }, mappings: [] };
      const { outcomes } = await deliverOnce(
        await world.writerOf(sync),
        recordsOf('upsert', [{ match: 'N1' }]),
      );
      expect(outcomes, object).toEqual(['delivered']);
      expect(world.vendor.state.records[object]?.size, object).toBe(1);
    }
  });

  it('are described with what HubSpot says about their properties', async () => {
    const { fields } = await world.connect().describeObject('contacts');
    const field = (name: string) => fields.find((one) => one.name === name);
    expect(field('email')).toMatchObject({ matchable: true });
    expect(field('customer_no')).toMatchObject({ matchable: true });
    expect(field('score')).toMatchObject({ readOnly: true });
    expect(field('interests')).toMatchObject({
      nativeType: 'multi-select',
      options: [{ value: 'wine' }, { value: 'tea' }],
    });
    const deal = await world.connect().describeObject('deals');
    expect(deal.fields.filter(({ required }) => required).map(({ name }) => name)).toEqual([
      'dealname',
      'dealstage',
    ]);
    const car = await world.connect().describeObject('2-7');
    expect(car).toMatchObject({ label: 'Cars' });
    expect(car.fields.find(({ name }) => name === 'vin')).toMatchObject({ required: true, matchable: true });
  });
});

describe('lists', () => {
  const list = (to: string) => ({ object: 'list-5', mode: 'segment' as const, matchKey: { from: to, to } });

  it('say that members have no fields, and refuse a sync that maps some', async () => {
    await expect(world.connect().describeObject('list-5')).resolves.toMatchObject({ membersOnly: true });
    await expect(world.problemsOf(list('email'))).resolves.toEqual({});
    await expect(world.problemsOf({ ...list('email'), mappings: mapped('customer_no') })).resolves.toEqual({
      mappings: 'Members have no fields: the match key says who they are.',
    });
  });

  it('take members by their address, and let them go', async () => {
    await deliverOnce(await world.writerOf(contacts('upsert')), recordsOf('upsert', [ada, eve]));
    const writer = await world.writerOf(list('email'));
    const nobody = { match: 'nobody@example.com' };
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf('add', [{ match: 'ADA@example.com' }, nobody, eve]),
    );
    expect(outcomes).toEqual(['delivered', 'rejected:record_not_found', 'delivered']);
    expect(world.vendor.state.lists.get('5')).toEqual(new Set(['1', '2']));
    const left = await deliverOnce(writer, recordsOf('remove', [ada, nobody]));
    expect(left.outcomes).toEqual(['delivered', 'delivered']);
    expect(world.vendor.state.lists.get('5')).toEqual(new Set(['2']));
  });

  it('take members by their id without looking them up', async () => {
    await deliverOnce(await world.writerOf(contacts('upsert')), recordsOf('upsert', [ada]));
    const writer = await world.writerOf(list('hs_object_id'));
    const { outcomes } = await deliverOnce(writer, recordsOf('add', [{ match: 1 }, { match: 99 }]));
    expect(outcomes).toEqual(['delivered', 'rejected:record_not_found']);
    expect(world.vendor.requests.filter(({ path }) => path.endsWith('/batch/read'))).toEqual([]);
  });

  it('are listed by name', async () => {
    const objects = await world.connect().listObjects();
    expect(objects.map(({ label }) => label)).toEqual([
      'Contacts',
      'Companies',
      'Deals',
      'Tickets',
      'Cars',
      'Associations',
      'Custom events',
      'List: Newsletter',
    ]);
  });

  it('when the lookup fails, leave every row to be sent again', async () => {
    const writer = await world.writerOf(list('email'));
    world.vendor.misbehave('reset', 1, 'all');
    const { results } = await deliverOnce(writer, recordsOf('add', [ada, eve]));
    expect(results.map(({ status }) => status)).toEqual(['retry', 'retry']);
  });
});

describe('associations', () => {
  const pairs = (options: Record<string, string>) => ({
    object: 'associations',
    mode: 'segment' as const,
    mappings: [
      { type: 'column' as const, from: 'mail', to: 'from' },
      { type: 'column' as const, from: 'account', to: 'to' },
    ],
    options: {
      fromType: 'contacts',
      fromProperty: 'email',
      toType: 'companies',
      toProperty: 'account_no',
      ...options,
    },
  });
  const seed = async () => {
    await deliverOnce(await world.writerOf(contacts('upsert')), recordsOf('upsert', [ada]));
    const company = {
      object: 'companies',
      mode: 'upsert' as const,
      matchKey: { from: 'no', to: 'account_no' },
    };
    await deliverOnce(await world.writerOf(company), recordsOf('upsert', [{ match: 'A1' }]));
  };

  it.each([
    ['without a label', {}, 'contacts:1 companies:2'],
    ['with a label', { labelId: '37' }, 'contacts:1 companies:2 37'],
  ])('bind two records %s, and let go when the pair has left', async (_, options, expected) => {
    await seed();
    const writer = await world.writerOf(pairs(options));
    const rows = [
      { fields: { from: 'ada@example.com', to: 'A1' } },
      { fields: { from: 'ada@example.com', to: 'A9' } },
      { fields: { from: 'ada@example.com', to: null } },
    ];
    const { outcomes } = await deliverOnce(writer, recordsOf('add', rows));
    expect(outcomes).toEqual(['delivered', 'rejected:record_not_found', 'rejected:end_missing']);
    expect(world.vendor.state.associations).toEqual(new Set([expected]));
    await deliverOnce(writer, recordsOf('remove', [{ row: { mail: 'ada@example.com', account: 'A1' } }]));
    expect(world.vendor.state.associations.size).toBe(0);
  });

  it('keep both ends of a pair, so that it can be undone', () => {
    expect(world.connect().columnsForRemoval(configurationOf(pairs({})))).toEqual(['mail', 'account']);
  });

  it('need two kinds of records, and a label that is a number', async () => {
    await expect(world.problemsOf(pairs({ toType: 'planets', labelId: 'best' }))).resolves.toEqual({
      'options.toType': 'To: "planets" is not offered.',
      'options.labelId': 'The label is a number.',
    });
  });
});

describe('events', () => {
  const sync = {
    object: 'events',
    mode: 'event' as const,
    matchKey: { from: 'email', to: 'email' },
    mappings: mapped('event_name', 'occurred_at', 'total'),
  };
  const order = {
    match: 'ada@example.com',
    key: '1',
    fields: { event_name: 'pe1_order', occurred_at: '2026-11-22', total: 3 },
  };

  it('arrive once, whichever run sends them again', async () => {
    for (const run of [1, 2]) {
      expect(
        (await deliverOnce(await world.writerOf(sync, run), recordsOf('event', [order]))).outcomes,
      ).toEqual(['delivered']);
    }
    expect([...world.vendor.state.events.values()]).toMatchObject([
      {
        eventName: 'pe1_order',
        email: 'ada@example.com',
        occurredAt: '2026-11-22T00:00:00.000Z',
        properties: { total: '3' },
      },
    ]);
  });

  it('are refused alone', async () => {
    const wrong = { ...order, key: '2', fields: { ...order.fields, event_name: 'order' } };
    const nameless = { ...order, key: '3', fields: { ...order.fields, event_name: null } };
    const late = { ...order, key: '4', fields: { ...order.fields, occurred_at: 'then' } };
    const { outcomes } = await deliverOnce(
      await world.writerOf(sync),
      recordsOf('event', [order, wrong, nameless, late]),
    );
    expect(outcomes).toEqual([
      'delivered',
      'rejected:validation_error',
      'rejected:event_name_missing',
      'rejected:event_time_invalid',
    ]);
  });
});

it('ends the run with the time to go on when the quota of the day is used up', async () => {
  const writer = await world.writerOf(contacts('upsert'));
  world.vendor.state.usedUp = true;
  const failure = await deliverOnce(writer, recordsOf('upsert', [ada])).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'destination_quota',
    message: expect.stringMatching(/^HubSpot takes no more until \d{4}-\d\d-\d\d \d\d:00 UTC \(/),
    details: { resumeAt: expect.stringMatching(/:00:00\.000Z$/) },
  });
});

it('tells a missing scope from a wrong token', async () => {
  world.vendor.state.forbidden.push('tickets');
  const results = await Array.fromAsync(world.connect().check());
  expect(results.map(({ status }) => status)).toEqual(['passed', 'passed', 'warning']);
  expect(results[2]).toMatchObject({
    message: 'The token may not read tickets.',
    fix: expect.stringContaining('tickets'),
  });
});
