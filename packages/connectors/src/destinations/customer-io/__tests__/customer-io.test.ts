import { customerIoKeys, startCustomerIo } from '@sluice/testing/vendors/customer-io/start-customer-io';
import { describe, expect, it } from 'vitest';
import { deliverOnce, recordsOf } from '../../__tests__/destination-context.ts';
import { useVendor } from '../../__tests__/use-vendor.ts';
import { customerIoDestination } from '../definition.ts';

const world = useVendor(customerIoDestination, startCustomerIo, (url) => ({
  ...customerIoKeys,
  region: 'us',
  baseUrl: url,
}));
const byEmail = { from: 'email', to: 'email' };
const mapped = (...names: string[]) =>
  names.map((name) => ({ type: 'column' as const, from: name, to: name }));
const ada = '{"email":"ada@example.com"}';

describe('people', () => {
  const sync = (mode: 'upsert' | 'update' | 'mirror') =>
    ({ object: 'people', mode, matchKey: byEmail, mappings: mapped('name', 'created_at') }) as const;

  it('are created, updated, and lose what became NULL', async () => {
    const writer = await world.writerOf(sync('upsert'));
    const row = (fields: Record<string, string | null>) => [{ match: 'ada@example.com', fields }];
    await deliverOnce(writer, recordsOf('upsert', row({ name: 'Ada', created_at: '2026-01-02T03:04:05Z' })));
    expect(world.vendor.state.people.get(ada)).toEqual({ name: 'Ada', created_at: 1_767_323_045 });
    await deliverOnce(writer, recordsOf('upsert', row({ name: null })));
    expect(world.vendor.state.people.get(ada)).toEqual({ created_at: 1_767_323_045 });
  });

  it('are not created by an update', async () => {
    const writer = await world.writerOf(sync('update'));
    const { outcomes } = await deliverOnce(
      writer,
      recordsOf('update', [{ match: 'ada@example.com', fields: { name: 'Ada' } }]),
    );
    expect(outcomes).toEqual(['delivered']);
    expect(world.vendor.state.people.size).toBe(0);
  });

  it('are deleted or cleared when their row has left', async () => {
    const writer = await world.writerOf(sync('mirror'));
    const person = [{ match: 'ada@example.com', fields: { name: 'Ada', created_at: 5 } }];
    await deliverOnce(writer, recordsOf('upsert', person));
    await deliverOnce(writer, recordsOf('clear', [{ match: 'ada@example.com' }]));
    expect(world.vendor.state.people.get(ada)).toEqual({});
    await deliverOnce(writer, recordsOf('delete', [{ match: 'ada@example.com' }]));
    expect(world.vendor.state.people.size).toBe(0);
  });

  it('are rejected one by one, with the words of Customer.io', async () => {
    const writer = await world.writerOf(sync('upsert'));
    const { outcomes, results } = await deliverOnce(
      writer,
      recordsOf('upsert', [
        { match: 'ada@example.com', fields: { name: 'Ada' } },
        { match: 'not an address', fields: { name: 'Nobody' } },
        { match: 'bob@example.com', fields: { name: 'x'.repeat(1001) } },
        { match: 'eve@example.com', fields: { name: 'Eve' } },
      ]),
    );
    expect(outcomes).toEqual(['delivered', 'rejected:invalid', 'rejected:attribute_too_long', 'delivered']);
    expect(results[1]).toMatchObject({ message: 'email: is not a valid address' });
    expect(world.vendor.requests).toHaveLength(1);
  });

  it('keep integers that no double holds', async () => {
    const writer = await world.writerOf(sync('upsert'));
    await deliverOnce(
      writer,
      recordsOf('upsert', [{ match: 'ada@example.com', fields: { big: 9_007_199_254_740_993n } }]),
    );
    expect(world.vendor.requests[0]?.body).toContain('"big":9007199254740993');
  });

  it('travel in requests below 500 KB', async () => {
    const writer = await world.writerOf(sync('upsert'));
    const rows = Array.from({ length: 1000 }, (_, index) => ({
      match: `p${index}@example.com`,
      fields: { name: 'x'.repeat(990) },
    }));
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(new Set(outcomes)).toEqual(new Set(['delivered']));
    expect(world.vendor.requests.map(({ body }) => body.length < 500_000)).toEqual([true, true, true]);
    expect(world.vendor.state.people.size).toBe(1000);
  });
});

describe('events', () => {
  const event = { object: 'events', mode: 'event', matchKey: byEmail } as const;
  const timed = { ...event, mappings: mapped('event_name', 'event_time', 'total') };
  const order = {
    match: 'ada@example.com',
    key: '1',
    fields: { event_name: 'Order', event_time: '2026-11-22 10:00:00+00', total: 12 },
  };

  it('arrive once, whichever run sends them again', async () => {
    for (const run of [1, 2]) {
      const { outcomes } = await deliverOnce(await world.writerOf(timed, run), recordsOf('event', [order]));
      expect(outcomes).toEqual(['delivered']);
    }
    expect([...world.vendor.state.events.values()]).toMatchObject([
      {
        name: 'Order',
        timestamp: 1_795_341_600,
        attributes: { total: 12 },
        identifiers: { email: 'ada@example.com' },
      },
    ]);
  });

  it('without a time are told apart by their run: a row may take an old value again', async () => {
    const untimed = { ...event, mappings: mapped('event_name') };
    const row = { match: 'ada@example.com', key: '1', fields: { event_name: 'Order' } };
    const first = await world.writerOf(untimed, 1);
    await deliverOnce(first, recordsOf('event', [row]));
    await deliverOnce(first, recordsOf('event', [row]));
    await deliverOnce(await world.writerOf(untimed, 2), recordsOf('event', [row]));
    expect(world.vendor.state.events.size).toBe(2);
  });

  it('need a name, and a time that is one', async () => {
    const rows = [
      { ...order, fields: { ...order.fields, event_name: null } },
      { ...order, fields: { ...order.fields, event_time: 'yesterday' } },
    ];
    const { outcomes } = await deliverOnce(await world.writerOf(timed), recordsOf('event', rows));
    expect(outcomes).toEqual(['rejected:event_name_missing', 'rejected:event_time_invalid']);
    expect(world.vendor.requests).toHaveLength(0);
  });
});

describe('members of a manual segment', () => {
  const sync = {
    object: 'segment-members',
    mode: 'segment',
    matchKey: byEmail,
    options: { segmentId: '7' },
  } as const;

  it('come and go', async () => {
    const writer = await world.writerOf(sync);
    const members = [{ match: 'ada@example.com' }, { match: 'eve@example.com' }];
    await deliverOnce(writer, recordsOf('add', members));
    await deliverOnce(writer, recordsOf('remove', members.slice(1)));
    expect(world.vendor.state.segments.get('7')).toEqual(new Set(['email:ada@example.com']));
  });

  it('are refused with the words of Customer.io where there is no such segment', async () => {
    const writer = await world.writerOf({ ...sync, options: { segmentId: '8' } });
    const { results } = await deliverOnce(writer, recordsOf('add', [{ match: 'ada@example.com' }]));
    expect(results).toMatchObject([{ status: 'rejected', message: 'Customer.io: segment does not exist' }]);
  });

  it('need a segment, and nothing else', async () => {
    await expect(world.problemsOf({ ...sync, options: {} })).resolves.toEqual({
      'options.segmentId': 'Segment ID is missing.',
    });
    await expect(world.problemsOf({ ...sync, options: { segmentId: 'seven', colour: 1 } })).resolves.toEqual({
      'options.segmentId': 'The segment ID is a number.',
      'options.colour': 'There is no option "colour".',
    });
    await expect(world.problemsOf({ ...sync, mappings: mapped('name') })).resolves.toHaveProperty('mappings');
  });
});

describe('objects and relationships', () => {
  it('are written and deleted by their number', async () => {
    const sync = {
      object: 'objects',
      mode: 'mirror',
      matchKey: { from: 'id', to: 'object_id' },
      mappings: mapped('name'),
      options: { objectTypeId: '1' },
    } as const;
    const writer = await world.writerOf(sync);
    await deliverOnce(writer, recordsOf('upsert', [{ match: 4, fields: { name: 'Acme' } }]));
    expect([...world.vendor.state.objects]).toEqual([
      ['{"object_type_id":"1","object_id":"4"}', { name: 'Acme' }],
    ]);
    await deliverOnce(writer, recordsOf('delete', [{ match: 4 }]));
    expect(world.vendor.state.objects.size).toBe(0);
  });

  const pairs = {
    object: 'relationships',
    mode: 'segment',
    mappings: [
      { type: 'column', from: 'company', to: 'object_id' },
      { type: 'column', from: 'email', to: 'person_email' },
      { type: 'column', from: 'role', to: 'role' },
    ],
    options: { objectTypeId: '1' },
  } as const;

  it('bind a person to an object, and let go when the row has left', async () => {
    const writer = await world.writerOf({ ...pairs, mappings: [...pairs.mappings] });
    const fields = { object_id: 'acme', person_email: 'ada@example.com', role: 'admin' };
    await deliverOnce(writer, recordsOf('add', [{ fields }]));
    expect(world.vendor.state.relationships.size).toBe(1);
    expect(world.vendor.requests[0]?.json()).toMatchObject({
      batch: [{ cio_relationships: [{ relationship_attributes: { role: 'admin' } }] }],
    });
    await deliverOnce(writer, recordsOf('remove', [{ row: { company: 'acme', email: 'ada@example.com' } }]));
    expect(world.vendor.state.relationships.size).toBe(0);
  });

  it('keep what names the pair, so that it can be undone', async () => {
    const connection = world.connect();
    const { configurationOf } = await import('../../__tests__/destination-context.ts');
    const sync = configurationOf({ ...pairs, mappings: [...pairs.mappings] });
    expect(connection.columnsForRemoval(sync)).toEqual(['company', 'email']);
    await expect(connection.validate(sync, [])).resolves.toEqual({});
    await expect(
      world.problemsOf({ ...pairs, mappings: pairs.mappings.slice(0, 1) }),
    ).resolves.toHaveProperty('mappings');
  });
});

it('says when the workspace is kept in the other region', async () => {
  world.vendor.state.region = 'eu';
  const results = await Array.fromAsync(world.connect().check());
  expect(results.at(-1)).toMatchObject({ status: 'warning', fix: expect.stringContaining('European Union') });
});
