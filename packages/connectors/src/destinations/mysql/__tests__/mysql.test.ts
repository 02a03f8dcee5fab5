import {
  createMariadbDatabase,
  findMariadb,
  type MariadbServer,
  runOnMariadb,
} from '@sluice/testing/mariadb';
import { startTcpProxy } from '@sluice/testing/tcp-proxy';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  configurationOf,
  createTestContext,
  deliverOnce,
  recordsOf,
  type TestContext,
} from '../../__tests__/destination-context.ts';
import { mysqlDestination } from '../definition.ts';

const found = await findMariadb();

describe.skipIf(!found)(`MySQL${found ? '' : ' (not tested: no MariaDB answers at 127.0.0.1:3306)'}`, () => {
  const server = found as MariadbServer;
  let database: Awaited<ReturnType<typeof createMariadbDatabase>>;
  let proxy: Awaited<ReturnType<typeof startTcpProxy>>;
  let context: TestContext;
  const sql = (...statements: string[]) => runOnMariadb(server, statements, database.name);

  beforeAll(async () => {
    database = await createMariadbDatabase(server);
    proxy = await startTcpProxy(server);
    context = createTestContext([server.port, proxy.port]);
  });
  beforeEach(async () => {
    proxy.inspect(() => 'pass');
    await sql(
      'DROP TABLE IF EXISTS contacts',
      `CREATE TABLE contacts (id BIGINT UNSIGNED PRIMARY KEY, email VARCHAR(40) UNIQUE, name VARCHAR(10),
        age INT CHECK (age < 150), born DATE, seen DATETIME(3), vip TINYINT(1) NOT NULL DEFAULT 0, blob_ VARBINARY(8), doc JSON)`,
    );
  });
  afterAll(async () => {
    await context.close();
    await proxy.close();
    await database.drop();
  });

  const connect = (changes: Record<string, unknown> = {}, timeouts = {}) =>
    mysqlDestination.open(
      { ...server, database: database.name, sslMode: 'disable', ...changes },
      { ...context, timeouts: { ...context.timeouts, ...timeouts } },
    );
  const impatient = { requestMs: 200, connectMs: 200 };
  const sync = (mode: 'upsert' | 'insert' | 'update' | 'mirror', ...names: string[]) => ({
    object: 'contacts',
    mode,
    matchKey: { from: 'id', to: 'id' },
    mappings: names.map((name) => ({ type: 'column' as const, from: name, to: name })),
  });
  const writerOf = (input: ReturnType<typeof sync>, changes = {}, timeouts = {}) =>
    connect(changes, timeouts).writer(configurationOf(input));
  const contacts = () => sql('SELECT CAST(id AS CHAR) AS id, email, name FROM contacts ORDER BY contacts.id');

  it('describes tables, and finds what a record can be found by', async () => {
    const detail = await connect().describeObject('contacts');
    const matchable = detail.fields.filter((field) => field.matchable).map(({ name }) => name);
    expect(matchable.sort()).toEqual(['email', 'id']);
    expect(detail.fields.find(({ name }) => name === 'vip')).toMatchObject({
      type: 'boolean',
      required: false,
    });
    await expect(connect().describeObject('nothing')).rejects.toMatchObject({
      code: 'destination_object_missing',
    });
  });

  it('creates and updates, with exact values', async () => {
    const writer = await writerOf(
      sync('upsert', 'email', 'name', 'age', 'born', 'seen', 'vip', 'blob_', 'doc'),
    );
    const row = (fields: Record<string, unknown>) => [
      { match: 18_446_744_073_709_551_615n, fields: fields as never },
    ];
    const full = {
      email: 'ada@example.com',
      name: 'Ada é🙂',
      age: 36,
      born: '1815-12-10',
      seen: '2026-02-28T01:02:03.5+02:00',
      vip: true,
      blob_: '\\x00ff',
      doc: { a: [1, 9_007_199_254_740_993n] },
    };
    expect((await deliverOnce(writer, recordsOf('upsert', row(full)))).outcomes).toEqual(['delivered']);
    await deliverOnce(writer, recordsOf('upsert', row({ ...full, name: null })));
    const [stored] = await sql(
      'SELECT CAST(id AS CHAR) AS id, name, age, CAST(born AS CHAR) AS born, CAST(seen AS CHAR) AS seen, vip, HEX(blob_) AS b, CAST(doc AS CHAR) AS doc FROM contacts',
    );
    expect(stored).toEqual({
      id: '18446744073709551615',
      name: null,
      age: 36,
      born: '1815-12-10',
      seen: '2026-02-27 23:02:03.500',
      vip: 1,
      b: '00FF',
      doc: '{"a":[1,9007199254740993]}',
    });
    await writer.close();
  });

  it('never writes over a record that only shares another unique value', async () => {
    await sql("INSERT INTO contacts (id, email, name) VALUES (1, 'ada@example.com', 'Ada')");
    const writer = await writerOf(sync('upsert', 'email', 'name'));
    const rows = [
      { match: 2, fields: { email: 'ada@example.com', name: 'Thief' } },
      { match: 3, fields: { email: 'eve@example.com', name: 'Eve' } },
    ];
    const { outcomes } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(outcomes).toEqual(['rejected:unique_violation', 'delivered']);
    expect(await contacts()).toEqual([
      { id: '1', email: 'ada@example.com', name: 'Ada' },
      { id: '3', email: 'eve@example.com', name: 'Eve' },
    ]);
    await writer.close();
  });

  it('rejects the guilty rows alone, with the words of the server', async () => {
    const writer = await writerOf(sync('upsert', 'name', 'age'));
    const rows = Array.from({ length: 200 }, (_, index) => ({
      match: index + 1,
      fields: {
        name: index === 60 ? 'far too long a name' : 'n',
        age: index === 130 ? 200 : index === 131 ? 'old' : 5,
      },
    }));
    const { outcomes, results } = await deliverOnce(writer, recordsOf('upsert', rows));
    expect(outcomes.filter((outcome) => outcome === 'delivered')).toHaveLength(197);
    expect([outcomes[60], outcomes[130], outcomes[131]]).toEqual([
      'rejected:value_too_long',
      'rejected:check_violation',
      'rejected:value_invalid',
    ]);
    expect(results[60]).toMatchObject({ message: expect.stringContaining('name') });
    expect(await sql('SELECT COUNT(*) AS n FROM contacts')).toEqual([{ n: 197 }]);
    await writer.close();
  });

  it('updates only what is there, and says what is not', async () => {
    await sql("INSERT INTO contacts (id, name) VALUES (1, 'old')");
    const writer = await writerOf(sync('update', 'name'));
    const rows = [1, 2].map((match) => ({ match, fields: { name: 'new' } }));
    const { outcomes } = await deliverOnce(writer, recordsOf('update', rows));
    expect(outcomes).toEqual(['delivered', 'rejected:record_not_found']);
    await writer.close();
  });

  it('inserts, clears and deletes', async () => {
    const insert = await writerOf(sync('insert', 'name'));
    const rows = [1, 2].map((match) => ({ match, fields: { name: 'n' } }));
    await deliverOnce(insert, recordsOf('create', rows));
    expect((await deliverOnce(insert, recordsOf('create', rows))).outcomes).toEqual([
      'rejected:unique_violation',
      'rejected:unique_violation',
    ]);
    const mirror = await writerOf(sync('mirror', 'name'));
    await deliverOnce(mirror, recordsOf('clear', [{ match: 1 }]));
    await deliverOnce(mirror, recordsOf('delete', [{ match: 2 }, { match: 7 }]));
    expect(await contacts()).toEqual([{ id: '1', email: null, name: null }]);
    await insert.close();
    await mirror.close();
  });

  it('is in doubt about a commit whose answer was lost', async () => {
    const commits = (data: Buffer) => (data.includes('COMMIT') ? 'swallow_answer' : 'pass');
    const rows = [{ match: 1, fields: { name: 'n' } }];
    const upsert = await writerOf(sync('upsert', 'name'), { port: proxy.port });
    proxy.inspect(commits);
    const lost = await deliverOnce(upsert, recordsOf('upsert', rows));
    expect(lost.results).toMatchObject([{ status: 'retry', inDoubt: true }]);
    proxy.inspect(() => 'pass');
    expect((await deliverOnce(upsert, recordsOf('upsert', rows))).outcomes).toEqual(['delivered']);
    const insert = await writerOf(sync('insert', 'name'), { port: proxy.port });
    proxy.inspect(commits);
    const created = await deliverOnce(insert, recordsOf('create', [{ match: 9, fields: { name: 'n' } }]));
    expect(created.results).toMatchObject([{ status: 'uncertain', code: 'commit_unanswered' }]);
    await upsert.close();
    await insert.close();
  });

  it('has applied nothing when the connection breaks before the commit', async () => {
    const writer = await writerOf(sync('upsert', 'name'), { port: proxy.port });
    proxy.inspect((data) => (data.includes('INSERT INTO `contacts`') ? 'cut' : 'pass'));
    const { results } = await deliverOnce(writer, recordsOf('upsert', [{ match: 1, fields: { name: 'n' } }]));
    expect(results).toMatchObject([{ status: 'retry', code: 'connection_lost' }]);
    expect(await contacts()).toEqual([]);
    await writer.close();
  });

  it.each(['START TRANSACTION', 'INSERT INTO `contacts`', 'COMMIT'])(
    'does not wait for a server that is silent at %s',
    async (at) => {
      const writer = await writerOf(sync('upsert', 'name'), { port: proxy.port }, impatient);
      proxy.inspect((data) => (data.includes(at) ? 'stall' : 'pass'));
      const rows = recordsOf('upsert', [{ match: 1, fields: { name: 'n' } }]);
      const { results } = await deliverOnce(writer, rows);
      expect(results).toMatchObject([{ status: 'retry' }]);
      expect(results[0]).toMatchObject(at === 'COMMIT' ? { inDoubt: true } : { code: 'connection_lost' });
      proxy.inspect(() => 'pass');
      expect((await deliverOnce(writer, rows)).outcomes).toEqual(['delivered']);
      await writer.close();
    },
  );

  it('does not wait for a catalog that is silent', async () => {
    proxy.inspect((data) => (data.includes('information_schema') ? 'stall' : 'pass'));
    const writer = writerOf(sync('upsert', 'name'), { port: proxy.port }, impatient);
    await expect(writer).rejects.toMatchObject({ code: 'destination_unreachable' });
  });

  it('tries again when the table is locked', async () => {
    const writer = await writerOf(sync('upsert', 'name'), {}, { requestMs: 1_000 });
    const rows = recordsOf('upsert', [{ match: 1, fields: { name: 'n' } }]);
    const locker = await createConnection({ ...server, database: database.name });
    await locker.query('LOCK TABLES contacts WRITE');
    expect((await deliverOnce(writer, rows)).outcomes).toEqual(['retry:busy']);
    locker.destroy();
    await expect.poll(async () => (await deliverOnce(writer, rows)).outcomes).toEqual(['delivered']);
    await writer.close();
  });

  it('shows the statements before anything is sent', async () => {
    const writer = await writerOf(sync('upsert', 'name'));
    const [view] = await writer.preview(recordsOf('upsert', [{ match: 7, fields: { name: "O'Hara" } }]));
    expect(view?.summary).toBe('UPSERT contacts (1 row)');
    expect(view?.body).toContain("('7', 'O''Hara')");
    await writer.close();
  });
});
