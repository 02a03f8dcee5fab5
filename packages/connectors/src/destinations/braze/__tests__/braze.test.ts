import type { Row } from '@sluice/domain/column';
import { brazeKey, startBraze } from '@sluice/testing/vendors/braze/start-braze';
import { describe, expect, it } from 'vitest';
import { deliverOnce, recordsOf } from '../../__tests__/destination-context.ts';
import { useVendor } from '../../__tests__/use-vendor.ts';
import { brazeDestination } from '../definition.ts';

const world = useVendor(brazeDestination, startBraze, (url) => ({ apiKey: brazeKey, baseUrl: url }));
const mapped = (...names: string[]) =>
  names.map((name) => ({ type: 'column' as const, from: name, to: name }));
const users = (
  mode: 'upsert' | 'update' | 'mirror',
  to = 'external_id',
  options: Record<string, string> = {},
) => ({
  object: 'users',
  mode,
  matchKey: { from: 'id', to },
  mappings: mapped('first_name', 'plan'),
  options,
});
const ada = { match: 1, fields: { first_name: 'Ada', plan: 'pro' } };

describe('users', () => {
  it.each([
    ['external_id', {}, '{"external_id":"1"}'],
    ['braze_id', {}, '{"braze_id":"1"}'],
    ['user_alias', { aliasLabel: 'no' }, '{"user_alias":{"alias_name":"1","alias_label":"no"}}'],
  ])('are written and deleted by %s', async (to, options, key) => {
    const writer = await world.writerOf(users('mirror', to, options));
    await deliverOnce(writer, recordsOf('upsert', [ada]));
    expect([...world.vendor.state.users]).toEqual([[key, { first_name: 'Ada', plan: 'pro' }]]);
    await deliverOnce(writer, recordsOf('delete', [ada]));
    expect(world.vendor.state.users.size).toBe(0);
  });

  it('are not created by an update, and lose what became NULL or was cleared', async () => {
    const update = await world.writerOf(users('update'));
    await deliverOnce(update, recordsOf('update', [ada]));
    expect(world.vendor.state.users.size).toBe(0);
    const upsert = await world.writerOf(users('upsert'));
    await deliverOnce(upsert, recordsOf('upsert', [ada]));
    await deliverOnce(update, recordsOf('update', [{ match: 1, fields: { plan: null } }]));
    expect([...world.vendor.state.users.values()]).toEqual([{ first_name: 'Ada' }]);
    await deliverOnce(upsert, recordsOf('clear', [ada]));
    expect([...world.vendor.state.users.values()]).toEqual([{}]);
  });

  it('are rejected one by one by their place in the request', async () => {
    const writer = await world.writerOf(users('upsert', 'email'));
    const rows: { match: string; fields: Row }[] = [
      { match: 'ada@example.com', fields: {} },
      { match: 'nobody', fields: {} },
      { match: 'eve@example.com', fields: { $odd: 1 } },
      { match: 'bob@example.com', fields: {} },
    ];
    const { outcomes, results } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(outcomes).toEqual([
      'delivered',
      'rejected:object_invalid',
      'rejected:attribute_name_invalid',
      'delivered',
    ]);
    expect(results[1]).toMatchObject({ message: "'email' is not a valid email address" });
    expect(world.vendor.requests).toHaveLength(1);
  });

  it('that stand in one batch twice travel in two requests, in their order', async () => {
    const writer = await world.writerOf(users('upsert'));
    await deliverOnce(writer, recordsOf('upsert', [ada, { match: 1, fields: { first_name: 'Augusta' } }]));
    expect(world.vendor.requests).toHaveLength(2);
    expect([...world.vendor.state.users.values()]).toEqual([{ first_name: 'Augusta', plan: 'pro' }]);
  });

  it('cannot be deleted by an address, and an alias needs its label', async () => {
    await expect(world.problemsOf(users('mirror', 'email'))).resolves.toHaveProperty(['matchKey.to']);
    await expect(world.problemsOf(users('upsert', 'email'))).resolves.toEqual({});
    await expect(world.problemsOf(users('upsert', 'user_alias'))).resolves.toHaveProperty([
      'options.aliasLabel',
    ]);
  });
});

describe('events and purchases', () => {
  const by = { mode: 'event' as const, matchKey: { from: 'id', to: 'external_id' } };

  it('carry their time, and what has no field of its own as properties', async () => {
    const events = await world.writerOf({
      ...by,
      object: 'events',
      mappings: mapped('name', 'time', 'colour'),
    });
    const fields = { name: 'Ordered', time: '2026-11-22 10:00:00+01', colour: 'red' };
    await deliverOnce(events, recordsOf('event', [{ match: 1, fields }]));
    expect(world.vendor.state.events).toEqual([
      { name: 'Ordered', time: '2026-11-22T09:00:00.000Z', properties: { colour: 'red' }, external_id: '1' },
    ]);
    const purchases = await world.writerOf({ ...by, object: 'purchases', mappings: mapped('product_id') });
    const bought = { product_id: 'p1', currency: 'EUR', price: 9.5, time: '2026-11-22', quantity: null };
    await deliverOnce(purchases, recordsOf('event', [{ match: 1, fields: bought }]));
    expect(world.vendor.state.purchases).toEqual([
      { product_id: 'p1', currency: 'EUR', price: 9.5, time: '2026-11-22T00:00:00.000Z', external_id: '1' },
    ]);
  });

  it('need a name and a time', async () => {
    const writer = await world.writerOf({ ...by, object: 'events', mappings: mapped('name', 'time') });
    const rows = [
      { match: 1, fields: { name: null, time: '2026-11-22' } },
      { match: 1, fields: { name: 'Ordered', time: 'then' } },
      { match: 1, fields: { name: 'Ordered', time: '2026-11-22' } },
    ];
    const { outcomes } = await deliverOnce(writer, recordsOf('event', rows));
    expect(outcomes).toEqual(['rejected:field_missing', 'rejected:time_invalid', 'delivered']);
  });
});

describe('subscription groups', () => {
  const sync = {
    object: 'subscriptions',
    mode: 'segment' as const,
    matchKey: { from: 'email', to: 'email' },
    options: { groupId: 'g1' },
  };

  it('are joined and left', async () => {
    const writer = await world.writerOf(sync);
    await deliverOnce(writer, recordsOf('add', [{ match: 'ada@example.com' }, { match: 'eve@example.com' }]));
    await deliverOnce(writer, recordsOf('remove', [{ match: 'eve@example.com' }]));
    expect([...(world.vendor.state.subscriptions.get('g1') ?? [])]).toEqual([
      ['ada@example.com', 'subscribed'],
      ['eve@example.com', 'unsubscribed'],
    ]);
  });

  it('that do not exist refuse every row with the words of Braze', async () => {
    const writer = await world.writerOf({ ...sync, options: { groupId: 'g2' } });
    const { results } = await deliverOnce(writer, recordsOf('add', [{ match: 'ada@example.com' }]));
    expect(results).toMatchObject([{ status: 'rejected', message: 'Braze: invalid subscription group' }]);
  });
});

describe('catalogs', () => {
  const sync = {
    object: 'catalog-products',
    mode: 'mirror' as const,
    matchKey: { from: 'sku', to: 'id' },
    mappings: mapped('title', 'since'),
  };

  it('get new items whole, keep the other fields of known ones, and lose those that left', async () => {
    const writer = await world.writerOf(sync);
    const wine = { match: 'wine-1', fields: { title: 'Wine', since: '2026-01-01' } };
    await deliverOnce(writer, recordsOf('upsert', [wine]));
    expect(world.vendor.state.items.get('wine-1')).toEqual({
      id: 'wine-1',
      title: 'Wine',
      since: '2026-01-01T00:00:00.000Z',
    });
    const [changed] = recordsOf('upsert', [{ match: 'wine-1', fields: { title: 'Red wine' } }]);
    if (changed) await deliverOnce(writer, [{ ...changed, class: 'changed' }]);
    expect(world.vendor.state.items.get('wine-1')).toMatchObject({
      title: 'Red wine',
      since: '2026-01-01T00:00:00.000Z',
    });
    await deliverOnce(writer, recordsOf('delete', [wine]));
    expect(world.vendor.state.items.size).toBe(0);
  });

  it('refuse ids that they cannot hold', async () => {
    const { outcomes } = await deliverOnce(
      await world.writerOf(sync),
      recordsOf('upsert', [{ match: 'a b', fields: {} }]),
    );
    expect(outcomes).toEqual(['rejected:item_id_invalid']);
  });

  it('are listed with their fields, where the key may see them', async () => {
    const detail = await world.connect().describeObject('catalog-products');
    expect(detail.fields.map(({ name, type, matchable }) => [name, type, matchable])).toEqual([
      ['id', 'string', true],
      ['title', 'string', false],
      ['price', 'number', false],
      ['since', 'datetime', false],
    ]);
    world.vendor.state.mayCatalogs = false;
    const objects = await world.connect().listObjects();
    expect(objects.map(({ id }) => id)).toEqual(['users', 'events', 'purchases', 'subscriptions']);
  });
});
