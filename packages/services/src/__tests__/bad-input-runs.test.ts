// What breaks between save and run, or during a run: the run says what happened, each row is explained, the ledger
// keeps only what arrived, and the next run sends exactly what is missing.
import { sumCounts } from '@sluice/domain/change';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { getRunRow } from '../run/get-run-row.ts';
import { listReasons } from '../run/list-reasons.ts';
import { listRunRows } from '../run/list-run-rows.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ environment: { REQUEST_TIMEOUT_MS: '2000' } });
});
afterAll(() => world.close());

const rows = 600;
const zero = { added: 0, changed: 0, removed: 0 };
const request = (body: string, more: object = {}): SyncConfigurationInput => ({
  object: 'request',
  mode: 'trigger',
  triggers: ['added', 'changed'],
  options: {
    added: { method: 'POST', url: '/people/{{ row.id }}', bodyType: 'text', body },
    changed: { method: 'PUT', url: '/people/{{ row.id }}', bodyType: 'text', body },
    concurrency: 4,
    ...more,
  },
});
const upsert: SyncConfigurationInput = {
  object: 'public.contacts',
  mode: 'upsert',
  matchKey: { from: 'id', to: 'id' },
  mappings: [{ type: 'column', from: 'email', to: 'email' }],
};

beforeEach(async () => {
  world.server.requests.length = 0;
  world.server.handle(() => ({}));
  await world.target.run(
    'drop table if exists public.people, public.contacts',
    'create table public.people (id int, email text, born text)',
    'create table public.contacts (id int primary key, email text)',
    `insert into public.people select n, 'p' || n || '@example.com', (1950 + n % 50)::text from generate_series(1, ${rows}) n`,
  );
});

const newSync = async (sql: string, to: 'http' | 'postgresql', configuration: SyncConfigurationInput) => {
  const modelId = await world.model({ sql });
  return (await world.sync({ modelId, to, configuration })).id;
};
const ledgerOf = async (syncId: number) => {
  const { ledgerKey, ledgerRows } = await world.ctx.db.sync.findUniqueOrThrow({ where: { id: syncId } });
  return { ledgerKey, ledgerRows };
};
const reasonsOf = (runId: number) => listReasons(world.ctx, world.actor, { runId });
const paths = () => world.server.requests.map(({ path }) => path);

describe('a column that is gone since the sync was saved', { timeout: 90_000 }, () => {
  const star = 'select * from public.people';
  test.each([
    ['named by the query', 'select id, email from public.people', 'http', request('{{ row.email }}')],
    ['named by a template', star, 'http', request('{{ row.email }}')],
    ['named by a header', star, 'http', withHeader('{{ row["email"] }}')],
    ['named by a mapping', star, 'postgresql', upsert],
  ] as const)(
    'and %s: the run fails before it sends anything, and knows the column',
    async (...[, sql, to, configuration]) => {
      const syncId = await newSync(sql, to, configuration);
      expect((await world.run(syncId)).status).toBe('success');
      const ledger = await ledgerOf(syncId);
      world.server.requests.length = 0;

      await world.target.run('alter table public.people rename email to mail');
      const run = await world.run(syncId);
      expect(run).toMatchObject({ status: 'failed', counts: { planned: zero } });
      expect(run.error?.code).toBe(sql === star ? 'model_column_missing' : 'query_invalid');
      expect(run.error?.message).toContain('"email"');
      expect(run.error?.fix).toMatch(/[Bb]ring the column back|people\.mail/);
      expect(run.error?.fault).toBe('user');
      expect(paths()).toEqual([]);
      expect(await ledgerOf(syncId)).toEqual(ledger);

      await world.target.run('alter table public.people rename mail to email');
      expect(await world.run(syncId)).toMatchObject({
        status: 'success',
        counts: { planned: zero, unchanged: rows },
      });
    },
  );

  test('and the primary key', async () => {
    const syncId = await newSync(star, 'postgresql', upsert);
    await world.run(syncId);
    const ledger = await ledgerOf(syncId);
    await world.target.run('alter table public.people rename id to number');
    const run = await world.run(syncId);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'model_primary_key_missing' } });
    expect(run.error?.message).toContain('"id"');
    expect(await ledgerOf(syncId)).toEqual(ledger);
    expect(await world.target.query('select count(*)::int as n from public.contacts')).toEqual([{ n: rows }]);
  });

  function withHeader(value: string): SyncConfigurationInput {
    const one = { method: 'POST', url: '/people/{{ row.id }}', headers: [{ name: 'X-Email', value }] };
    return { object: 'request', mode: 'trigger', triggers: ['added'], options: { added: one } };
  }
});

test('a template that fails on row 500 rejects that row, and only that', async () => {
  await world.target.run("update public.people set born = 'unknown' where id = 500");
  const sql = 'select id, born from public.people';
  const syncId = await newSync(sql, 'http', jsonBody('{"born": {{ row.born }}}'));
  const run = await world.run(syncId);
  expect(run).toMatchObject({
    status: 'warning',
    error: null,
    counts: { delivered: { ...zero, added: rows - 1 }, rejected: { ...zero, added: 1 } },
  });
  expect(await reasonsOf(run.id)).toMatchObject([
    { outcome: 'rejected', code: 'template_invalid_json', count: 1, examples: ['500'] },
  ]);
  const [reason] = await reasonsOf(run.id);
  expect(reason?.message).toMatch(/^The body is not valid JSON: Unexpected token 'u'\. Write values with/);
  expect(paths()).not.toContain('/people/500');
  const [row] = (await listRunRows(world.ctx, world.actor, { runId: run.id, limit: 5, outcome: 'rejected' }))
    .items;
  const detail = await getRunRow(world.ctx, world.actor, { runId: run.id, seq: row?.seq ?? 0 });
  expect(detail).toMatchObject({
    key: '500',
    message: reason?.message,
    mapped: { row: { born: 'unknown' } },
  });

  await world.target.run("update public.people set born = '1990' where id = 500");
  world.server.requests.length = 0;
  expect(await world.run(syncId)).toMatchObject({ status: 'success', counts: { planned: { added: 1 } } });
  expect(paths()).toEqual(['/people/500']);

  function jsonBody(body: string): SyncConfigurationInput {
    const added = { method: 'POST', url: '/people/{{ row.id }}', bodyType: 'json', body };
    return { object: 'request', mode: 'trigger', triggers: ['added'], options: { added, concurrency: 4 } };
  }
});

describe('a destination that breaks in the middle of a run', { timeout: 90_000 }, () => {
  const page = '<!doctype html><html><head><title>Bad gateway</title></head><body>…</body></html>';
  test.each([
    [
      'answers 500',
      { status: 500, body: { error: 'the database is gone' } },
      'HTTP 500: the database is gone',
    ],
    ['answers 503', { status: 503 }, 'HTTP 503'],
    ['answers 502 with a web page', { status: 502, body: page }, 'HTTP 502: Bad gateway'],
    [
      'resets the connection',
      { fault: 'reset' as const },
      'The connection broke before the answer was complete.',
    ],
    [
      'breaks off its answer',
      { fault: 'cut' as const, body: '{"ok"' },
      'The answer 200 broke off or is too long',
    ],
    ['never answers', { fault: 'hang' as const }, 'No whole answer within 2000 ms.'],
  ])('and %s: the run ends, every row is explained, and the rest comes back', async (_, answer, words) => {
    const syncId = await newSync('select id, email from public.people', 'http', request('{{ row.email }}'));
    const taken = new Set<string>();
    world.server.handle(({ path }) => {
      if (taken.size >= 40) return answer;
      taken.add(path);
      return {};
    });
    const run = await world.run(syncId);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'destination_failed', fault: 'theirs' } });
    expect(run.error?.message).toContain(`did not take 10 batches in a row, so the run stopped: ${words}`);
    expect(run.error?.fix).toContain('Rows that were not sent come back with the next run.');

    const { counts } = run;
    const { delivered, rejected, uncertain, notAttempted } = counts;
    expect(delivered.added).toBe(40);
    const open = rejected.added + uncertain.added;
    expect(open).toBeGreaterThanOrEqual(10);
    expect(delivered.added + open + notAttempted.added).toBe(rows);
    const reasons = await reasonsOf(run.id);
    expect(reasons.reduce((sum, { count }) => sum + count, 0)).toBe(open);
    for (const { message } of reasons) expect(message).toContain(words);
    expect((await ledgerOf(syncId)).ledgerRows).toBeGreaterThanOrEqual(40);
    const listed = async (outcome: 'delivered' | 'not_attempted') =>
      (await listRunRows(world.ctx, world.actor, { runId: run.id, limit: 1000, outcome })).items;
    expect((await listed('delivered')).map(({ key }) => `/people/${key}`).toSorted()).toEqual(
      [...taken].toSorted(),
    );
    expect(await listed('not_attempted')).toHaveLength(notAttempted.added);

    world.server.requests.length = 0;
    world.server.handle(() => ({}));
    const next = await world.run(syncId);
    expect(next).toMatchObject({ status: 'success', counts: { unchanged: 40 } });
    expect(sumCounts(next.counts.delivered)).toBe(rows - 40);
    expect(new Set(paths()).size).toBe(rows - 40);
    expect(paths().filter((path) => taken.has(path))).toEqual([]);
    world.server.requests.length = 0;
    expect((await world.run(syncId)).counts).toMatchObject({ planned: zero, unchanged: rows });
    expect(paths()).toEqual([]);
  });
});

test('a destination that refuses every row with a page gives one reason, in words', async () => {
  const syncId = await newSync('select id from public.people where id <= 20', 'http', request('x'));
  world.server.handle(() => ({ status: 404, body: '<html><head><title>Not Found</title></head></html>' }));
  const run = await world.run(syncId);
  expect(run).toMatchObject({ status: 'warning', counts: { rejected: { added: 20 } } });
  expect(await reasonsOf(run.id)).toMatchObject([
    { outcome: 'rejected', code: 'http_404', message: 'HTTP 404: Not Found', count: 20 },
  ]);
});

describe('a connection that broke since the sync was saved', () => {
  test.each([
    ['source', 'password', 'source_auth', /refused the user or the password/],
    ['source', 'private', 'egress_refused', /address is not public/],
    ['destination', 'private', 'egress_refused', /address is not public/],
  ] as const)('at the %s (%s) ends the run before anything is sent', async (side, what, code, words) => {
    const { ctx, target } = world;
    const syncId = await newSync('select id, email from public.people', 'postgresql', upsert);
    expect((await world.run(syncId)).status).toBe('success');
    await target.run("insert into public.people values (601, 'new@example.com', '1990')");
    const ledger = await ledgerOf(syncId);
    const role = 'late_reader';
    await target.run(`drop role if exists ${role}`, `create role ${role} login superuser password 'another'`);
    const { password: _, ...shown } = target.configuration;
    const configuration = { ...shown, ...(what === 'private' ? { host: '10.1.2.3' } : { user: role }) };
    const id = side === 'source' ? world.sourceId : world.destinations.postgresql;
    const table = side === 'source' ? ctx.db.source : ctx.db.destination;
    const change = (given: object) =>
      (table as typeof ctx.db.source).update({ where: { id }, data: { configuration: given as never } });
    await change(configuration);
    try {
      const run = await world.run(syncId);
      expect(run).toMatchObject({ status: 'failed', error: { code, message: expect.stringMatching(words) } });
      expect(run.error?.fix).not.toBe('');
      expect(sumCounts(run.counts.delivered)).toBe(0);
    } finally {
      await change(shown);
    }
    expect(await ledgerOf(syncId)).toEqual(ledger);
    expect((await world.run(syncId)).counts.delivered).toEqual({ ...zero, added: 1 });
  });
});
