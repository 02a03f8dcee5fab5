import { startTcpProxy } from '@sluice/testing/tcp-proxy';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { NotAdmitted } from '../../../kit/destination.ts';
import { configurationOf, deliverOnce, recordsOf } from '../../__tests__/destination-context.ts';
import { byId, columns, useContacts } from './use-contacts.ts';

const contacts = useContacts();

describe('when things break', () => {
  const one = recordsOf('upsert', [{ match: 1, fields: { name: 'Ann' } }]);
  const isCommit = (data: Buffer) => data.includes('commit\0');

  async function throughProxy(options: { requestMs?: number; connectMs?: number } = {}) {
    const url = new URL(contacts.database.url);
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: Number(url.port) });
    await contacts.reopen({ port: proxy.port, ...options });
    return proxy;
  }

  it('tries again after a connection lost before COMMIT', async () => {
    const proxy = await throughProxy();
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    proxy.inspect((data) => (data.includes('insert into') ? 'cut' : 'pass'));
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['retry:connection_lost']);
    proxy.inspect(() => 'pass');
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['delivered']);
    await proxy.close();
  });

  it('tries again after a connection lost in the middle of COPY', async () => {
    const proxy = await throughProxy();
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    const rows = Array.from({ length: 5000 }, (_, id) => ({ match: id, fields: { name: 'n'.repeat(20) } }));
    proxy.inspect((data) => (data.includes('nnnnnnnn') ? 'cut' : 'pass'));
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(new Set(outcomes)).toEqual(new Set(['retry:connection_lost']));
    expect(await contacts.sql('select count(*)::int as n from contacts')).toEqual([{ n: 0 }]);
    await proxy.close();
  });

  it('ends a statement on the server within two seconds of a cut', async () => {
    const controller = new AbortController();
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    const blocker = new pg.Client({ connectionString: contacts.database.url });
    await blocker.connect();
    await blocker.query('begin; lock table contacts in access exclusive mode');
    const waiting = deliverOnce(writer, one, { signal: controller.signal });
    // From outside the blocker's transaction, which would see one snapshot of the activity throughout.
    const waits = async () =>
      (
        await contacts.sql(
          "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        )
      ).length;
    await expect.poll(waits, { timeout: 5000 }).toBe(1);
    const started = performance.now();
    controller.abort('cancelled');
    expect((await waiting).outcomes).toEqual(['retry:not_sent']);
    expect(performance.now() - started).toBeLessThan(2000);
    await expect.poll(waits, { timeout: 5000 }).toBe(0);
    await blocker.end();
  });

  it('rolls back when the run stops before the commit, and goes on with the session', async () => {
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    const confirm = () => {
      throw new NotAdmitted();
    };
    expect((await deliverOnce(writer, one, { confirm })).outcomes).toEqual(['retry:not_sent']);
    expect((await contacts.sql('select count(*)::int as n from contacts'))[0]).toEqual({ n: 0 });
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['delivered']);
  });

  it('knows what became of a commit that was cut', async () => {
    const proxy = await throughProxy();
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    const controller = new AbortController();
    proxy.inspect((data) => {
      if (!isCommit(data)) return 'pass';
      controller.abort('cancelled');
      return 'swallow_answer';
    });
    const { outcomes } = await deliverOnce(writer, one, { signal: controller.signal });
    expect(outcomes).toEqual(['delivered']);
    await proxy.close();
  });

  it('reads the catalog again when its connection broke', async () => {
    const proxy = await throughProxy();
    const configuration = { ...byId, mappings: columns('name') };
    await contacts.writerOf(configuration);
    proxy.inspect(() => 'cut');
    await expect(contacts.writerOf(configuration)).rejects.toMatchObject({ code: 'destination_unreachable' });
    proxy.inspect(() => 'pass');
    const writer = await contacts.writerOf(configuration);
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['delivered']);
    await proxy.close();
  });

  it('looks up a commit whose answer was lost', async () => {
    const proxy = await throughProxy();
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    proxy.inspect((data) => (isCommit(data) ? 'swallow_answer' : 'pass'));
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['delivered']);
    expect((await contacts.sql('select count(*)::int as n from contacts'))[0]).toEqual({ n: 1 });
    await proxy.close();
  });

  it('is uncertain when nobody can tell', async () => {
    const proxy = await throughProxy();
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    proxy.inspect((data) => {
      if (!isCommit(data)) return 'pass';
      proxy.accept(false);
      return 'swallow_answer';
    });
    const { outcomes, exchanges } = await deliverOnce(writer, one);
    expect(outcomes).toEqual(['uncertain:commit_unknown']);
    expect(exchanges[0]?.error).toBe('The answer to COMMIT was lost.');
    await proxy.close();
  });

  it.each(['begin', 'copy', 'insert into'])('does not wait for a server that is silent at %s', async (at) => {
    const proxy = await throughProxy({ requestMs: 300, connectMs: 300 });
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    proxy.inspect((data) => (data.includes(at) ? 'stall' : 'pass'));
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['retry:connection_lost']);
    proxy.inspect(() => 'pass');
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['delivered']);
    await proxy.close();
  });

  it('asks what became of a commit to which the server says nothing', async () => {
    const proxy = await throughProxy({ requestMs: 300, connectMs: 300 });
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    proxy.inspect((data) => (isCommit(data) ? 'mute' : 'pass'));
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['delivered']);
    await proxy.close();
  });

  it('does not wait for a catalog that is silent', async () => {
    const proxy = await throughProxy({ requestMs: 300, connectMs: 300 });
    proxy.inspect((data) => (data.includes('pg_catalog') ? 'stall' : 'pass'));
    const writer = contacts.writerOf({ ...byId, mappings: columns('name') });
    await expect(writer).rejects.toMatchObject({ code: 'destination_unreachable' });
    await proxy.close();
  });

  it('tries again when the table is locked', async () => {
    await contacts.reopen({ requestMs: 400 });
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    const blocker = new pg.Client({ connectionString: contacts.database.url });
    await blocker.connect();
    await blocker.query('begin; lock table contacts in access exclusive mode');
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['retry:table_locked']);
    await blocker.end();
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['delivered']);
  });

  it('stops the run when the table is gone or the right is missing', async () => {
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    await contacts.sql('alter table contacts rename to moved');
    await expect(deliverOnce(writer, one)).rejects.toMatchObject({ code: 'destination_object_missing' });
    await contacts.sql('alter table moved rename to contacts; alter table contacts drop column name');
    await expect(deliverOnce(writer, one)).rejects.toMatchObject({ code: 'mapping_invalid' });
    await contacts.sql(
      'alter table contacts add column name text; alter table contacts drop constraint contacts_pkey',
    );
    await expect(deliverOnce(writer, one)).rejects.toMatchObject({
      code: 'destination_match_key_not_unique',
    });
  });

  it('names the GRANT that is missing', async () => {
    const role = `writer_${contacts.database.name}`;
    await contacts.sql(`create role ${role} login password 'pw'; grant usage on schema public to ${role}`);
    await contacts.sql(`grant select, insert on contacts to ${role}`);
    await contacts.reopen({ user: role, password: 'pw' });
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    await expect(deliverOnce(writer, one)).rejects.toMatchObject({
      code: 'destination_permission',
      fix: expect.stringContaining('GRANT SELECT, INSERT, UPDATE, DELETE ON "public"."contacts" TO'),
    });
    const problems = await contacts.connection.validate(
      configurationOf({ object: 'public.contacts', mode: 'mirror', ...byId, mappings: columns('name') }),
      ['id', 'name'],
    );
    expect(problems.object).toContain(`GRANT UPDATE, DELETE ON "public"."contacts" TO "${role}";`);
  });

  it('answers for every record of batches of any size', async () => {
    const writer = await contacts.writerOf({ ...byId, mappings: columns('name') });
    const max = writer.limits.batchRowsMax;
    for (const size of [0, 1, max, max + 1]) {
      const rows = Array.from({ length: size }, (_, id) => ({ match: id, fields: { name: 'n' } }));
      const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
      expect(outcomes).toHaveLength(size);
      expect(outcomes.every((outcome) => outcome === 'delivered')).toBe(true);
    }
  });
});
