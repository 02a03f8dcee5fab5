import type { SyncModeId } from '@sluice/domain/sync-mode';
import { until } from '@sluice/testing/until';
import { salesforceApp, startSalesforce } from '@sluice/testing/vendors/salesforce/start-salesforce';
import { describe, expect, it } from 'vitest';
import { type DeliveryMemory, NotAdmitted } from '../../../kit/destination.ts';
import { deliverOnce, freely, recordsOf } from '../../__tests__/destination-context.ts';
import { useVendor } from '../../__tests__/use-vendor.ts';
import { salesforceDestination } from '../definition.ts';

const world = useVendor(salesforceDestination, startSalesforce, (url) => ({
  access: 'client',
  ...salesforceApp,
  baseUrl: url,
}));
const size = 2_000;
const contacts = (mode: SyncModeId, to = 'Ext__c') => ({
  object: 'Contact',
  mode,
  matchKey: mode === 'insert' ? null : { from: to, to },
  mappings: ['LastName', 'FirstName'].map((name) => ({ type: 'column' as const, from: name, to: name })),
});
type Row = { match?: string; fields: Record<string, string | null> };
const people = (change: Readonly<Record<number, Row>> = {}): Row[] =>
  Array.from(
    { length: size },
    (_, index) => change[index] ?? { match: `p${index}`, fields: { LastName: `Name ${index}` } },
  );
const held = () => [...(world.vendor.state.records.Contact?.values() ?? [])];
const jobs = () => [...world.vendor.state.jobs.values()];
const memoryOf = (): DeliveryMemory => {
  let kept: string | null = null;
  return {
    goesOn: true,
    read: () => kept,
    keep: async (text) => {
      kept = text;
    },
  };
};
const summary = (outcomes: readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

describe('many records', () => {
  it('travel in one job, whose files give each row its own result, whatever their order', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    const odd = 'He said "one,\ntwo" ';
    const rows = people({
      3: { match: 'p3', fields: { LastName: null } },
      17: { match: 'p17', fields: { LastName: 'x'.repeat(81) } },
      40: { match: 'p"4,0', fields: { LastName: odd, FirstName: '' } },
    });
    const { outcomes, results } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(summary(outcomes)).toEqual({
      delivered: size - 2,
      'rejected:required_field_missing': 1,
      'rejected:string_too_long': 1,
    });
    expect(outcomes[3]).toBe('rejected:required_field_missing');
    expect(results[17]).toMatchObject({ message: expect.stringMatching(/^LastName: data value too large/) });
    expect(jobs()).toMatchObject([{ operation: 'upsert', key: 'Ext__c', state: 'JobComplete' }]);
    expect(held()).toHaveLength(size - 2);
    expect(held().find(({ Ext__c }) => Ext__c === 'p"4,0')).toEqual({
      Ext__c: 'p"4,0',
      LastName: odd.slice(0),
    });
  });

  it('that are only created have no key: rows that are alike share their results', async () => {
    const writer = await world.writerOf(contacts('insert'));
    const bad = { fields: { LastName: null, FirstName: 'No name' } };
    const same = { fields: { LastName: 'Same' } };
    const rows = people({ 0: bad, 1: same, 2: same, 5: bad });
    const { outcomes } = await deliverOnce(writer, recordsOf('create', rows));
    expect([0, 1, 2, 5].map((index) => outcomes[index])).toEqual([
      'rejected:required_field_missing',
      'delivered',
      'delivered',
      'rejected:required_field_missing',
    ]);
    expect(held()).toHaveLength(size - 2);
  });

  it('are looked up before an update, which clears by NULL and leaves alone what has no value', async () => {
    const first = await world.writerOf(contacts('upsert'));
    await deliverOnce(first, recordsOf('upsert', people().slice(0, 199)));
    const writer = await world.writerOf(contacts('update'));
    const rows = people({ 0: { match: 'p0', fields: { FirstName: 'Ada' } } });
    const { outcomes } = await deliverOnce(writer, recordsOf('update', rows));
    expect(summary(outcomes)).toEqual({ delivered: 199, 'rejected:record_not_found': size - 199 });
    expect(held()[0]).toEqual({ Ext__c: 'p0', LastName: 'Name 0', FirstName: 'Ada' });
  });
});

describe('a job', () => {
  it('whose answers are lost on the way is asked again, and nothing is sent twice', async () => {
    const writer = await world.writerOf(contacts('insert'));
    const rows = recordsOf('create', people());
    // The answer to the closing, and every question after it.
    world.vendor.state.looks = 3;
    const delivery = { ...freely, idempotencyKey: 'batch-1' };
    let asked = 0;
    const admit = () => {
      asked += 1;
      if (asked === 3) world.vendor.misbehave('reset', 6, 'all');
      return Promise.resolve();
    };
    const first = await writer.deliver(rows, { ...delivery, admit });
    expect(new Set(first.results.map((result) => result.status === 'retry' && result.inDoubt))).toEqual(
      new Set([true]),
    );
    let second = await writer.deliver(rows, delivery);
    if (second.results.some(({ status }) => status === 'retry'))
      second = await writer.deliver(rows, delivery);
    expect(new Set(second.results.map(({ status }) => status))).toEqual(new Set(['delivered']));
    expect(jobs()).toHaveLength(1);
    expect(held()).toHaveLength(size);
  });

  it.each([
    ['opening', 1],
    ['the upload', 2],
  ])('whose %s got no answer wrote nothing: its rows are sent again without a doubt', async (_, at) => {
    const writer = await world.writerOf(contacts('insert'));
    let asked = 0;
    const admit = () => {
      asked += 1;
      if (asked === at) world.vendor.misbehave('reset', 1, 'all');
      return Promise.resolve();
    };
    const rows = recordsOf('create', people());
    const { results } = await writer.deliver(rows, { ...freely, admit });
    expect(results.every((result) => result.status === 'retry' && !result.inDoubt)).toBe(true);
    expect((await writer.deliver(rows, freely)).results.every(({ status }) => status === 'delivered')).toBe(
      true,
    );
    expect(held()).toHaveLength(size);
  });

  it('that fails as a whole rejects what it did not write, and delivers what it did', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    world.vendor.state.jobFailure = 'InvalidBatch : Field name not found : Foo__c';
    world.vendor.state.writtenBefore = 10;
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', people()));
    expect(summary(outcomes)).toEqual({ delivered: 10, 'rejected:invalidbatch': size - 10 });
    expect(held()).toHaveLength(10);
  });

  it('that fails for locks is tried again', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    world.vendor.state.jobFailure = 'TooManyLockFailure : Too many lock failure 17';
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', people()));
    expect(summary(outcomes)).toEqual({ 'retry:toomanylockfailure': size });
  });

  it('that wrote nothing is not asked again: the rows go into another one', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    const memory = memoryOf();
    const rows = recordsOf('upsert', people());
    world.vendor.state.jobFailure = 'TooManyLockFailure : Too many lock failure 17';
    await writer.deliver(rows, { ...freely, memory });
    world.vendor.state.jobFailure = null;
    const { results } = await writer.deliver(rows, { ...freely, memory });
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['delivered']));
    expect(jobs()).toHaveLength(2);
  });

  it('is asked about rows whose doubts a person decides, and where none was begun nothing is sent', async () => {
    const memory = memoryOf();
    const rows = recordsOf('create', people());
    const asking = { ...freely, memory, asksOnly: true };
    const asked = async () =>
      summary(
        (await (await world.writerOf(contacts('insert'))).deliver(rows, asking)).results.map(
          ({ status }) => status,
        ),
      );
    expect(await asked()).toEqual({ uncertain: size });
    expect(jobs()).toEqual([]);
    await (await world.writerOf(contacts('insert'))).deliver(rows, { ...freely, memory });
    expect(await asked()).toEqual({ delivered: size });
    expect(jobs()).toHaveLength(1);
    expect(held()).toHaveLength(size);
  });

  it('is aborted when the run is stopped: what it has written is known, the rest is in doubt', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    world.vendor.state.looks = Number.POSITIVE_INFINITY;
    world.vendor.state.writtenBefore = 7;
    const abort = new AbortController();
    const sending = writer.deliver(recordsOf('upsert', people()), { ...freely, signal: abort.signal });
    await until('a job that works', () => jobs().some(({ state }) => state === 'InProgress'));
    abort.abort('cancelled');
    const { results } = await sending;
    expect(summary(results.map(({ status }) => status))).toEqual({ delivered: 7, uncertain: size - 7 });
    expect(jobs()).toMatchObject([{ state: 'Aborted' }]);
  });

  it('is aborted too when no further request may start', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    world.vendor.state.looks = Number.POSITIVE_INFINITY;
    const admit = async () => {
      if (jobs().some(({ state }) => state === 'InProgress')) throw new NotAdmitted();
    };
    const { results } = await writer.deliver(recordsOf('upsert', people()), { ...freely, admit });
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['uncertain']));
    expect(jobs()).toMatchObject([{ state: 'Aborted' }]);
  });

  it('is asked by the worker that goes on with the rows, and nothing is sent twice', async () => {
    const rows = recordsOf('create', people());
    let kept: string | null = null;
    const memory = {
      goesOn: true,
      read: () => kept,
      keep: async (text: string) => {
        // Before it is closed: who dies now leaves a job that has written nothing.
        expect(jobs()).toMatchObject([{ state: 'Open' }]);
        kept = text;
      },
    };
    world.vendor.state.looks = Number.POSITIVE_INFINITY;
    const abort = new AbortController();
    const first = await world.writerOf(contacts('insert'));
    const dying = first.deliver(rows, { ...freely, signal: abort.signal, memory });
    await until('a job that works', () => jobs().some(({ state }) => state === 'InProgress'));
    abort.abort('shutdown');
    const left = await dying;
    expect(new Set(left.results.map(({ status }) => status))).toEqual(new Set(['uncertain']));
    expect(jobs()).toMatchObject([{ state: 'InProgress' }]);
    for (const job of jobs()) job.looks = 1;
    const second = await world.writerOf(contacts('insert'));
    const { results } = await second.deliver(rows, { ...freely, memory });
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['delivered']));
    expect(jobs()).toHaveLength(1);
    expect(held()).toHaveLength(size);
  });
});
