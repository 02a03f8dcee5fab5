import type { Row } from '@sluice/domain/column';
import { startTcpProxy, type TcpProxy } from '@sluice/testing/tcp-proxy';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { type DestinationWriter, NotAdmitted } from '../../../kit/destination.ts';
import { freely, recordsOf } from '../../__tests__/destination-context.ts';
import { deliverText, payloadOf, tally } from './payload-text.ts';
import { byId, columns, useContacts } from './use-contacts.ts';

const contacts = useContacts();
let proxy: TcpProxy | null = null;
afterEach(async () => {
  await proxy?.close();
  proxy = null;
});

const people = recordsOf(
  'upsert',
  Array.from({ length: 3000 }, (_, id) => ({ match: id, fields: { name: 'n'.repeat(20) } as Row })),
);
const isCommit = (data: Buffer) => data.includes('commit\0');
const count = async () =>
  (await contacts.sql<{ n: number }>('select count(*)::int as n from contacts'))[0]?.n;

async function throughProxy(options: { requestMs?: number; connectMs?: number } = {}): Promise<TcpProxy> {
  const url = new URL(contacts.database.url);
  proxy = await startTcpProxy({ host: '127.0.0.1', port: Number(url.port) });
  await contacts.reopen({ port: proxy.port, ...options });
  return proxy;
}

/** A writer that has met no record yet, or one that writes by way of staging. */
async function writerBy(way: 'copy' | 'staging'): Promise<DestinationWriter> {
  const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
  if (way === 'copy') return writer;
  await contacts.sql('insert into contacts (id) values (-1)');
  await deliverText(writer, recordsOf('upsert', [{ match: -1, fields: { name: 'x' } }]));
  await contacts.sql('delete from contacts');
  return writer;
}

describe.each(['copy', 'staging'] as const)('when things break under rows as text, by way of %s', (way) => {
  it.each([
    ['in the middle of the rows', 'nnnnnnnn'],
    ['before the rows', 'copy'],
    ['at the beginning', 'begin isolation'],
  ])('they are tried again after a connection lost %s', async (_when, at) => {
    const { inspect } = await throughProxy();
    const writer = await writerBy(way);
    inspect((data) => (data.includes(at) ? 'cut' : 'pass'));
    const lost = await deliverText(writer, people);
    expect([lost.kind, tally(lost.outcomes)]).toEqual(['all', { 'retry:connection_lost': 3000 }]);
    expect(await count()).toBe(0);
    inspect(() => 'pass');
    const again = await deliverText(writer, people);
    expect([again.kind, tally(again.outcomes)]).toEqual(['all', { delivered: 3000 }]);
    expect(await count()).toBe(3000);
  });

  it('they are tried again after a COMMIT that never arrived', async () => {
    const { inspect } = await throughProxy();
    const writer = await writerBy(way);
    inspect((data) => (isCommit(data) ? 'cut' : 'pass'));
    expect(tally((await deliverText(writer, people)).outcomes)).toEqual({ 'retry:connection_lost': 3000 });
    expect(await count()).toBe(0);
  });

  it('they are delivered when the answer to COMMIT was lost, and the server knows of it', async () => {
    const { inspect } = await throughProxy();
    const writer = await writerBy(way);
    inspect((data) => (isCommit(data) ? 'swallow_answer' : 'pass'));
    expect(tally((await deliverText(writer, people)).outcomes)).toEqual({ delivered: 3000 });
    expect(await count()).toBe(3000);
  });

  it('they are uncertain when nobody can tell', async () => {
    const { inspect, accept } = await throughProxy();
    const writer = await writerBy(way);
    inspect((data) => {
      if (!isCommit(data)) return 'pass';
      accept(false);
      return 'swallow_answer';
    });
    const { kind, outcomes, exchanges } = await deliverText(writer, people);
    expect([kind, tally(outcomes)]).toEqual(['all', { 'uncertain:commit_unknown': 3000 }]);
    expect(exchanges[0]).toMatchObject({ response: null, error: 'The answer to COMMIT was lost.' });
  });

  it.each(['begin isolation', 'nnnnnnnn'])('a server that is silent at %s is not waited for', async (at) => {
    const { inspect } = await throughProxy({ requestMs: 300, connectMs: 300 });
    const writer = await writerBy(way);
    inspect((data) => (data.includes(at) ? 'stall' : 'pass'));
    expect(tally((await deliverText(writer, people)).outcomes)).toEqual({ 'retry:connection_lost': 3000 });
    inspect(() => 'pass');
    expect(tally((await deliverText(writer, people)).outcomes)).toEqual({ delivered: 3000 });
  });

  it('a server that says nothing to COMMIT is asked again', async () => {
    const { inspect } = await throughProxy({ requestMs: 300, connectMs: 300 });
    const writer = await writerBy(way);
    inspect((data) => (isCommit(data) ? 'mute' : 'pass'));
    expect(tally((await deliverText(writer, people)).outcomes)).toEqual({ delivered: 3000 });
  });

  it('a cancel in the middle stops the statement on the server, and nothing stays', async () => {
    const writer = await writerBy(way);
    const blocker = new pg.Client({ connectionString: contacts.database.url });
    await blocker.connect();
    await blocker.query('begin; lock table contacts in access exclusive mode');
    const controller = new AbortController();
    const sending = writer.payloads?.deliver(payloadOf(writer, people), {
      ...freely,
      signal: controller.signal,
    });
    const waits = async () =>
      (
        await contacts.sql(
          "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        )
      ).length;
    await expect.poll(waits, { timeout: 5000 }).toBe(1);
    const started = performance.now();
    controller.abort('cancelled');
    expect(await sending).toMatchObject({ kind: 'all', result: { status: 'retry', code: 'not_sent' } });
    expect(performance.now() - started).toBeLessThan(2000);
    await expect.poll(waits, { timeout: 5000 }).toBe(0);
    await blocker.end();
    expect(await count()).toBe(0);
  });

  it('a stop before COMMIT rolls back, and the session goes on', async () => {
    const writer = await writerBy(way);
    const stopped = deliverText(writer, people, {
      confirm: () => {
        throw new NotAdmitted();
      },
    });
    expect(tally((await stopped).outcomes)).toEqual({ 'retry:not_sent': 3000 });
    expect(await count()).toBe(0);
    expect(tally((await deliverText(writer, people)).outcomes)).toEqual({ delivered: 3000 });
  });

  it('a locked table is tried again', async () => {
    await contacts.reopen({ requestMs: 400 });
    const writer = await writerBy(way);
    const blocker = new pg.Client({ connectionString: contacts.database.url });
    await blocker.connect();
    await blocker.query('begin; lock table contacts in access exclusive mode');
    expect(tally((await deliverText(writer, people)).outcomes)).toEqual({ 'retry:table_locked': 3000 });
    await blocker.end();
    expect(tally((await deliverText(writer, people)).outcomes)).toEqual({ delivered: 3000 });
  });

  it('a table that is gone ends the run, with the reason', async () => {
    const writer = await writerBy(way);
    await contacts.sql('drop table contacts');
    await expect(deliverText(writer, people)).rejects.toMatchObject({ code: 'destination_object_missing' });
  });
});
