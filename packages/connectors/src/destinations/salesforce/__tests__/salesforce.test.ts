import { generateKeyPairSync } from 'node:crypto';
import type { Row } from '@sluice/domain/column';
import type { SyncModeId } from '@sluice/domain/sync-mode';
import { salesforceApp, startSalesforce } from '@sluice/testing/vendors/salesforce/start-salesforce';
import { describe, expect, it } from 'vitest';
import { configurationOf, deliverOnce, recordsOf } from '../../__tests__/destination-context.ts';
import { useVendor } from '../../__tests__/use-vendor.ts';
import { salesforceDestination } from '../definition.ts';

const world = useVendor(salesforceDestination, startSalesforce, (url) => ({
  access: 'client',
  ...salesforceApp,
  baseUrl: url,
}));
const mapped = (...names: string[]) =>
  names.map((name) => ({ type: 'column' as const, from: name, to: name }));
const contacts = (mode: SyncModeId, to = 'Ext__c', fields = ['LastName', 'FirstName']) => ({
  object: 'Contact',
  mode,
  matchKey: mode === 'insert' ? null : { from: to, to },
  mappings: mapped(...fields),
});
const held = (object = 'Contact') => [...(world.vendor.state.records[object]?.values() ?? [])];
const writes = () => world.vendor.requests.filter(({ method }) => method !== 'GET').length;
const ada = { match: 'p1', fields: { LastName: 'Lovelace', FirstName: 'Ada' } };
const eve = { match: 'p2', fields: { LastName: 'Moneypenny', FirstName: 'Eve' } };

describe('records', () => {
  it('are created and updated by an external ID, each field in its form', async () => {
    const names = ['LastName', 'Birthdate', 'LastSeen__c', 'Vip__c', 'Score__c', 'Interests__c', 'Tier__c'];
    const writer = await world.writerOf(contacts('upsert', 'Ext__c', names));
    const fields = {
      LastName: 'Lovelace',
      Birthdate: '1815-12-10T00:00:00Z',
      LastSeen__c: '2026-11-22 10:00:00+01',
      Vip__c: 'true',
      Score__c: '9007199254740993',
      Interests__c: ['Wine', 'Tea'],
      Tier__c: 'Gold',
    };
    await deliverOnce(writer, recordsOf('upsert', [{ match: 'p1', fields }]));
    expect(held()).toEqual([
      {
        ...fields,
        Ext__c: 'p1',
        Birthdate: '1815-12-10',
        LastSeen__c: '2026-11-22T09:00:00.000Z',
        Vip__c: true,
        Score__c: 9007199254740992,
        Interests__c: 'Wine;Tea',
      },
    ]);
    const [, write] = world.vendor.requests.filter(({ method }) => method !== 'GET');
    expect(write?.body).toContain('"Score__c":9007199254740993');
    await deliverOnce(
      writer,
      recordsOf('upsert', [{ match: 'p1', fields: { Tier__c: null, Score__c: '' } }]),
    );
    expect(held()[0]).not.toHaveProperty('Tier__c');
    expect(held()[0]).not.toHaveProperty('Score__c');
    const wrong: { match: string | null; fields: Row }[] = [
      { match: 'p2', fields: { Birthdate: 'soon' } },
      { match: 'p3', fields: { Score__c: 'many' } },
      { match: 'p4', fields: { Vip__c: 'perhaps' } },
      { match: null, fields: {} },
    ];
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', wrong));
    expect(outcomes).toEqual([
      'rejected:time_invalid',
      'rejected:number_invalid',
      'rejected:boolean_invalid',
      'rejected:match_value_missing',
    ]);
  });

  it('are refused one by one, in Salesforce’s words', async () => {
    const writer = await world.writerOf(contacts('upsert', 'Ext__c', ['LastName', 'Email', 'Tier__c']));
    const rows: { match: string; fields: Row }[] = [
      ada,
      { match: 'b', fields: { LastName: 'x'.repeat(81) } },
      { match: 'c', fields: { LastName: 'C', Email: 'nobody' } },
      { match: 'd', fields: { LastName: 'D', Tier__c: 'Tin' } },
      { match: 'e', fields: { Email: 'e@example.com' } },
    ];
    const { outcomes, results } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(outcomes).toEqual([
      'delivered',
      'rejected:string_too_long',
      'rejected:invalid_email_address',
      'rejected:invalid_or_null_for_restricted_picklist',
      'rejected:required_field_missing',
    ]);
    expect(results[4]).toMatchObject({ message: 'Required fields are missing: [LastName] (LastName)' });
  });

  it('that somebody else has locked are tried again', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    world.vendor.state.locked.set('Lovelace', 1);
    const first = await deliverOnce(writer, recordsOf('upsert', [ada, eve]));
    expect(first.outcomes).toEqual(['retry:unable_to_lock_row', 'delivered']);
    expect((await deliverOnce(writer, recordsOf('upsert', [ada]))).outcomes).toEqual(['delivered']);
  });

  it('with one external ID in one batch travel in two requests', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    const rows = [ada, { match: 'P1', fields: { LastName: 'King' } }, eve];
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(outcomes).toEqual(['delivered', 'delivered', 'delivered']);
    expect(held().map(({ LastName }) => LastName)).toEqual(['King', 'Moneypenny']);
  });

  it('are updated by any unique field or the record ID; who is not there, or there twice, is said', async () => {
    await deliverOnce(
      await world.writerOf(contacts('insert', '', ['LastName', 'Email'])),
      recordsOf('create', [
        { fields: { LastName: 'A', Email: "o'neil@example.com" } },
        { fields: { LastName: 'B', Email: 'twice@example.com' } },
        { fields: { LastName: 'C', Email: 'twice@example.com' } },
      ]),
    );
    const byEmail = await world.writerOf(contacts('update', 'Email', ['FirstName']));
    const rows = [
      { match: "O'Neil@example.com", fields: { FirstName: 'Tom' } },
      { match: 'twice@example.com', fields: { FirstName: 'Tom' } },
      { match: 'nobody@example.com', fields: { FirstName: 'Tom' } },
    ];
    const { outcomes } = await deliverOnce(byEmail, recordsOf('update', rows));
    expect(outcomes).toEqual(['delivered', 'rejected:match_ambiguous', 'rejected:record_not_found']);
    const byId = await world.writerOf(contacts('update', 'Id', ['FirstName']));
    const [id = ''] = world.vendor.state.records.Contact?.keys() ?? [];
    const { outcomes: again } = await deliverOnce(
      byId,
      // The short form of the same ID.
      recordsOf('update', [{ match: id.slice(0, 15), fields: { FirstName: 'Tim' } }]),
    );
    expect(again).toEqual(['delivered']);
    expect(held().map(({ FirstName }) => FirstName)).toEqual(['Tim', undefined, undefined]);
  });

  it('are found by numbers too', async () => {
    const writer = await world.writerOf(contacts('mirror', 'Number__c', ['LastName']));
    await deliverOnce(writer, recordsOf('upsert', [{ match: 7, fields: { LastName: 'Seven' } }]));
    await deliverOnce(writer, recordsOf('delete', [{ match: '7' }]));
    expect(held()).toEqual([]);
  });

  it('are deleted or cleared when their row has left; gone ones need nothing', async () => {
    const writer = await world.writerOf(contacts('mirror'));
    await deliverOnce(writer, recordsOf('upsert', [ada, eve]));
    const gone = { match: 'gone' };
    const { outcomes } = await deliverOnce(writer, recordsOf('delete', [ada, gone]));
    expect(outcomes).toEqual(['delivered', 'delivered']);
    const clearing = await world.writerOf({
      ...contacts('upsert', 'Ext__c', ['FirstName']),
      deleteBehaviour: 'clear',
    });
    await deliverOnce(clearing, recordsOf('clear', [eve, gone]));
    expect(held()).toEqual([{ Ext__c: 'p2', LastName: 'Moneypenny' }]);
  });

  it('name their parent by the parent’s external ID', async () => {
    const accounts = { ...contacts('upsert', 'Code__c', ['Name']), object: 'Account' };
    await deliverOnce(
      await world.writerOf(accounts),
      recordsOf('upsert', [{ match: 'A1', fields: { Name: 'Acme' } }]),
    );
    const writer = await world.writerOf(contacts('upsert', 'Ext__c', ['LastName', 'Account.Code__c']));
    const rows = [
      { match: 'p1', fields: { LastName: 'L', 'Account.Code__c': 'A1' } },
      { match: 'p2', fields: { LastName: 'M', 'Account.Code__c': 'A9' } },
    ];
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(outcomes).toEqual(['delivered', 'rejected:invalid_field']);
    expect(held()[0]).toHaveProperty('AccountId', expect.stringMatching(/^001/));
    await deliverOnce(writer, recordsOf('upsert', [{ match: 'p1', fields: { 'Account.Code__c': null } }]));
    expect(held()[0]).not.toHaveProperty('AccountId');
  });
});

describe('what can be written', () => {
  it('is asked of Salesforce', async () => {
    const connection = world.connect();
    const objects = await connection.listObjects();
    expect(objects.map(({ id }) => id)).toEqual(['Account', 'Contact', 'Car__c', 'Notice__e']);
    expect(objects.at(-1)?.modes).toEqual(['insert']);
    const { fields } = await connection.describeObject('Contact');
    const field = (name: string) => fields.find((one) => one.name === name);
    expect(field('LastName')).toMatchObject({ required: true });
    expect(field('CreatedDate')).toMatchObject({ readOnly: true });
    expect(field('Email')).toMatchObject({ matchable: true });
    expect(field('Tier__c')).toMatchObject({ options: [{ value: 'Gold' }, { value: 'Silver' }] });
    expect(field('Account.Code__c')).toMatchObject({ label: 'Account: Code' });
    // Several kinds of parents: which one is meant cannot be told by a value alone.
    expect(fields.filter(({ name }) => name.startsWith('Owner.'))).toEqual([]);
  });

  it('is held by the mapper: nothing is created by the record ID, parents that stay are set once', async () => {
    const car = { object: 'Car__c', mode: 'upsert' as const, mappings: mapped('Garage__c') };
    await expect(world.problemsOf({ ...car, matchKey: { from: 'vin', to: 'Vin__c' } })).resolves.toEqual({
      'mappings.0.to': '"Garage__c" can be set on creation only: use Insert.',
    });
    await expect(world.problemsOf(contacts('upsert', 'Id'))).resolves.toHaveProperty(['matchKey.to']);
    await expect(world.problemsOf(contacts('update', 'Id'))).resolves.toEqual({});
  });
});

describe('sign-in', () => {
  it('renews a dead session once, and goes on', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    world.vendor.state.dead.add('00Dfake!session-1');
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', [ada]));
    expect(outcomes).toEqual(['delivered']);
    expect(world.vendor.state.tokens).toBe(2);
  });

  it('takes a signed assertion; a key that is none is said, and not shown', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    world.vendor.state.certificate = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const jwt = (key: string) =>
      salesforceDestination.open(
        {
          access: 'jwt',
          clientId: salesforceApp.clientId,
          user: 'sluice@example.com',
          privateKey: key,
          sandbox: true,
          baseUrl: world.vendor.url,
        },
        world.context,
      );
    const good = jwt(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    await expect(good.listObjects()).resolves.toHaveLength(4);
    const failure = await jwt('secret words that are no key')
      .listObjects()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'input_invalid' });
    expect(String((failure as Error).message)).not.toContain('secret words');
  });
});

describe('the requests of a day', () => {
  const failureOf = (sending: Promise<unknown>) => sending.catch((error: unknown) => error);

  it('end the run with the time to go on when they are used up', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    world.vendor.state.usage.used = 15_000;
    const failure = await failureOf(deliverOnce(writer, recordsOf('upsert', [ada])));
    expect(failure).toMatchObject({
      code: 'destination_quota',
      details: { resumeAt: expect.stringMatching(/:00:00\.000Z$/) },
    });
  });

  it('are left to others before they are used up', async () => {
    const writer = await world.writerOf(contacts('upsert'));
    world.vendor.state.usage.used = 13_600;
    expect((await deliverOnce(writer, recordsOf('upsert', [ada]))).outcomes).toEqual(['delivered']);
    const before = world.vendor.requests.length;
    const failure = await failureOf(deliverOnce(writer, recordsOf('upsert', [eve])));
    expect(failure).toMatchObject({ code: 'destination_quota', message: expect.stringContaining('10 %') });
    expect(world.vendor.requests.length).toBe(before);
  });
});

it('previews a deletion without asking anybody', async () => {
  const writer = await world.writerOf(contacts('mirror'));
  const before = writes();
  const [view] = await writer.preview(recordsOf('delete', [ada]));
  expect(view?.summary).toContain('DELETE');
  expect(writes()).toBe(before);
  expect(world.connect().columnsForRemoval(configurationOf(contacts('mirror')))).toEqual([]);
});
