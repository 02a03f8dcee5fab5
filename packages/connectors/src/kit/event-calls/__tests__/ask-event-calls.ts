import type { EventCall, EventCallState } from '@sluice/testing/vendors/event-calls/start-event-calls';
import type { VendorServer } from '@sluice/testing/vendors/vendor-server';
import { describe, expect, it } from 'vitest';
import { deliverOnce, recordsOf } from '../../../destinations/__tests__/destination-context.ts';
import { useVendor } from '../../../destinations/__tests__/use-vendor.ts';
import type { DestinationDefinition } from '../../destination.ts';

/** The questions that every vendor of `identify`, `group` and `track` is asked. */
export function askEventCalls(parts: {
  readonly definition: DestinationDefinition;
  readonly start: () => Promise<VendorServer<EventCallState>>;
  readonly writeKey: string;
  /** Where the vendor keeps the traits of a person. */
  readonly traitsOf: (call: EventCall) => unknown;
  /** Bytes that one request may have. */
  readonly bytesMax: number;
}): void {
  const world = useVendor(parts.definition, parts.start, (url) => ({
    writeKey: parts.writeKey,
    baseUrl: url,
  }));
  const mapped = (...names: string[]) =>
    names.map((name) => ({ type: 'column' as const, from: name, to: name }));
  const calls = () => [...world.vendor.state.calls.values()];

  describe('users', () => {
    const users = (to: string) =>
      ({ object: 'users', mode: 'upsert', matchKey: { from: 'id', to }, mappings: mapped('plan') }) as const;

    it('become identify calls with their traits', async () => {
      const writer = await world.writerOf(users('userId'));
      const rows = [{ match: 42, fields: { plan: 'pro', big: 9_007_199_254_740_993n } }];
      const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
      expect(outcomes).toEqual(['delivered']);
      const [call] = calls();
      expect(call).toMatchObject({ type: 'identify', userId: '42' });
      expect(call && parts.traitsOf(call)).toMatchObject({ plan: 'pro' });
      expect(world.vendor.requests.at(-1)?.body).toContain('"big":9007199254740993');
    });

    it('may be anonymous', async () => {
      await deliverOnce(
        await world.writerOf(users('anonymousId')),
        recordsOf('upsert', [{ match: 'a-1', fields: {} }]),
      );
      expect(calls()).toMatchObject([{ anonymousId: 'a-1' }]);
    });

    it('arrive once, however often a try is repeated, and again when a later run sends them', async () => {
      const row = recordsOf('upsert', [{ match: 1, key: '1', fields: { plan: 'pro' } }]);
      const first = await world.writerOf(users('userId'), 1);
      await deliverOnce(first, row);
      await deliverOnce(first, row);
      await deliverOnce(await world.writerOf(users('userId'), 2), row);
      expect(calls()).toHaveLength(2);
    });

    it('need an id', async () => {
      const { outcomes } = await deliverOnce(
        await world.writerOf(users('userId')),
        recordsOf('upsert', [
          { match: ' ', fields: {} },
          { match: 'b', fields: {} },
        ]),
      );
      expect(outcomes).toEqual(['rejected:id_missing', 'delivered']);
    });

    it('travel in requests below what the vendor takes, and none is larger than 32 KB', async () => {
      const writer = await world.writerOf(users('userId'));
      const rows = Array.from({ length: 200 }, (_, index) => ({
        match: index,
        fields: { plan: 'x'.repeat(index === 7 ? 40_000 : 25_000) },
      }));
      const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
      expect(outcomes.filter((outcome) => outcome === 'delivered')).toHaveLength(199);
      expect(outcomes[7]).toMatch(/^rejected:/);
      expect(calls()).toHaveLength(199);
      for (const { body } of world.vendor.requests) expect(body.length).toBeLessThan(parts.bytesMax);
    });
  });

  describe('groups', () => {
    const groups = { object: 'groups', mode: 'upsert', matchKey: { from: 'id', to: 'groupId' } } as const;

    it('become group calls of their members', async () => {
      const writer = await world.writerOf({ ...groups, mappings: mapped('userId', 'name') });
      const row = { match: 'acme', fields: { userId: 42, name: 'Acme' } };
      await deliverOnce(writer, recordsOf('upsert', [row]));
      expect(calls()).toMatchObject([
        { type: 'group', groupId: 'acme', userId: '42', traits: { name: 'Acme' } },
      ]);
    });

    it('are not sent without a member', async () => {
      await expect(world.problemsOf({ ...groups, mappings: mapped('name') })).resolves.toHaveProperty(
        'mappings',
      );
      const writer = await world.writerOf({ ...groups, mappings: mapped('userId') });
      const { outcomes } = await deliverOnce(
        writer,
        recordsOf('upsert', [{ match: 'acme', fields: { userId: null } }]),
      );
      expect(outcomes).toEqual(['rejected:member_missing']);
    });
  });

  describe('events', () => {
    const event = { object: 'events', mode: 'event', matchKey: { from: 'user', to: 'userId' } } as const;
    const timed = { ...event, mappings: mapped('event_name', 'event_time', 'total') };
    const order = {
      match: 'ada',
      key: '1',
      fields: { event_name: 'Order Completed', event_time: '2026-11-22 10:00:00+00', total: 12 },
    };

    it('become track calls, and arrive once whichever run sends them again', async () => {
      for (const run of [1, 2]) {
        await deliverOnce(await world.writerOf(timed, run), recordsOf('event', [order]));
      }
      expect(calls()).toMatchObject([
        {
          type: 'track',
          event: 'Order Completed',
          userId: 'ada',
          timestamp: '2026-11-22T10:00:00.000Z',
          properties: { total: 12 },
        },
      ]);
    });

    it('without a time are told apart by their run', async () => {
      const untimed = { ...event, mappings: mapped('event_name') };
      for (const run of [1, 1, 2]) {
        await deliverOnce(await world.writerOf(untimed, run), recordsOf('event', [order]));
      }
      expect(calls()).toHaveLength(2);
    });

    it('need a name, and a time that is one', async () => {
      const rows = [
        { ...order, fields: { ...order.fields, event_name: null } },
        { ...order, fields: { ...order.fields, event_time: 'yesterday' } },
      ];
      const { outcomes } = await deliverOnce(await world.writerOf(timed), recordsOf('event', rows));
      expect(outcomes).toEqual(['rejected:event_name_missing', 'rejected:event_time_invalid']);
    });
  });
}
