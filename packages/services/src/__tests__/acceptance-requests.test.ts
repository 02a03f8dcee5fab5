// Product map 16.1, numbers 2, 3, 7, 8, 14, 15 and 16: what a sync does to an HTTP API, and when.
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cancelRun } from '../run/cancel-run.ts';
import { followRun } from '../run/follow-run.ts';
import { getRun } from '../run/get-run.ts';
import { getRunRow } from '../run/get-run-row.ts';
import { listReasons } from '../run/list-reasons.ts';
import { listRunRows } from '../run/list-run-rows.ts';
import { rejectedCsv } from '../run/rejected-csv.ts';
import { isActive, openTestWorld, type TestWorld } from '../testing/open-test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const sql = 'select id, email, note from public.people';
const request = (method: string) => ({
  method,
  url: '/people/{{ row.id }}',
  body: method === 'DELETE' ? '' : '{"email": {{ row.email | json }}}',
  bodyType: method === 'DELETE' ? 'none' : 'json',
});
const requests: SyncConfigurationInput = {
  object: 'request',
  mode: 'trigger',
  options: { added: request('POST'), changed: request('PUT'), removed: request('DELETE'), concurrency: 4 },
};
const zero = { added: 0, changed: 0, removed: 0 };

beforeEach(async () => {
  world.server.requests.length = 0;
  world.server.handle(() => ({}));
  await world.target.run(
    'drop table if exists public.people',
    'create table public.people (id int, email text, note text)',
    "insert into public.people select n, 'p' || n || '@example.com', 'x' from generate_series(1, 20) n",
  );
});

const make = async (configuration: SyncConfigurationInput = requests) => {
  const modelId = await world.model({ sql });
  return (await world.sync({ modelId, to: 'http', configuration })).id;
};
const sent = () => world.server.requests.map(({ method, path }) => `${method} ${path}`);

test('1 and 2: each row is one request; without changes there is none', async () => {
  const id = await make();
  expect((await world.run(id)).counts.delivered).toEqual({ ...zero, added: 20 });
  expect(sent().toSorted()).toEqual(Array.from({ length: 20 }, (_, n) => `POST /people/${n + 1}`).toSorted());
  expect(world.server.requests[0]?.json()).toMatchObject({ email: expect.stringMatching(/^p\d+@/) });
  world.server.requests.length = 0;
  expect((await world.run(id)).counts).toMatchObject({ planned: zero, unchanged: 20 });
  expect(sent()).toEqual([]);
});

test('3: every column counts where a template may use any', async () => {
  const id = await make();
  await world.run(id);
  world.server.requests.length = 0;
  await world.target.run(
    "update public.people set note = 'y' where id = 4",
    'delete from public.people where id = 5',
  );
  expect((await world.run(id)).counts.delivered).toEqual({ added: 0, changed: 1, removed: 1 });
  expect(sent().toSorted()).toEqual(['DELETE /people/5', 'PUT /people/4']);
});

describe('7: a row that the destination refuses', () => {
  test('makes a warning, is the only one tried again, and is gone after it was fixed', async () => {
    const id = await make();
    world.server.handle(({ path }) =>
      path === '/people/3' ? { status: 422, body: { error: 'e-mail is not allowed' } } : {},
    );
    const first = await world.run(id);
    expect(first.status).toBe('warning');
    expect(first.counts).toMatchObject({
      delivered: { ...zero, added: 19 },
      rejected: { ...zero, added: 1 },
    });

    world.server.requests.length = 0;
    const second = await world.run(id);
    expect(second).toMatchObject({
      status: 'warning',
      counts: { planned: { ...zero, added: 1 }, unchanged: 19 },
    });
    expect(sent()).toEqual(['POST /people/3']);

    world.server.handle(() => ({}));
    expect(await world.run(id)).toMatchObject({
      status: 'success',
      counts: { delivered: { ...zero, added: 1 } },
    });
    world.server.requests.length = 0;
    expect((await world.run(id)).counts.planned).toEqual(zero);
    expect(sent()).toEqual([]);
  });

  test('is explained: reason, row, record, request and answer, and a safe CSV', async () => {
    await world.target.run("update public.people set email = '=cmd()' where id = 3");
    const id = await make();
    world.server.handle(({ path }) =>
      /people\/(3|4)$/.test(path) ? { status: 422, body: { error: 'e-mail is not allowed' } } : {},
    );
    const run = await world.run(id);
    const { ctx, actor } = world;
    const [reason, ...others] = await listReasons(ctx, actor, { runId: run.id });
    expect(others).toEqual([]);
    // The first plan is in the order of the source, where the update moved row 3 to the end.
    expect(reason).toMatchObject({ count: 2, examples: ['4', '3'] });

    const list = (input: Partial<Parameters<typeof listRunRows>[2]>) =>
      listRunRows(ctx, actor, { runId: run.id, limit: 50, ...input });
    const rejected = await list({ outcome: 'rejected' });
    expect(rejected.items.map(({ key, outcome }) => [key, outcome])).toEqual([
      ['4', 'rejected'],
      ['3', 'rejected'],
    ]);
    expect((await list({ reason: reason?.reason ?? '' })).items).toHaveLength(2);
    expect((await list({ outcome: 'delivered' })).items).toHaveLength(18);
    expect((await list({})).items).toHaveLength(20);
    expect((await list({ search: '1' })).items.map(({ key }) => key).toSorted()).toEqual(
      ['1', '10', '11', '12', '13', '14', '15', '16', '17', '18', '19'].toSorted(),
    );
    const first = await list({ limit: 7 });
    const second = await list({ limit: 7, cursor: first.nextCursor });
    const third = await list({ limit: 7, cursor: second.nextCursor });
    expect(third.nextCursor).toBeNull();
    const keys = [...first.items, ...second.items, ...third.items].map(({ key }) => key);
    expect(new Set(keys).size).toBe(20);

    const detail = await getRunRow(ctx, actor, { runId: run.id, seq: rejected.items[1]?.seq ?? 0 });
    expect(detail).toMatchObject({
      key: '3',
      class: 'added',
      outcome: 'rejected',
      mapped: { row: { id: 3, email: '=cmd()' } },
    });
    expect(detail.exchanges[0]?.request.summary).toContain('/people/3');
    expect(detail.exchanges[0]?.request.body).toContain('=cmd()');
    expect(detail.exchanges[0]?.response?.summary).toContain('422');
    expect(detail.exchanges[0]?.response?.body).toContain('e-mail is not allowed');

    let csv = '';
    for await (const piece of await rejectedCsv(ctx, actor, { runId: run.id })) csv += piece;
    const [head, , line3] = csv.split('\r\n');
    expect(head).toBe('\uFEFFprimary_key,change,reason_code,reason,id,email,note');
    expect(line3?.startsWith('3,added,')).toBe(true);
    expect(line3?.endsWith(",3,'=cmd(),x")).toBe(true);
    // The log says what happened without showing anybody's data.
    const log = await ctx.db.runEvent.findMany({ where: { runId: run.id } });
    expect(JSON.stringify([log.map(({ message, details }) => [message, details]), ctx.logged])).not.toContain(
      '@example.com',
    );
  });
});

test('8: a refused row that leaves the model is not tried again', async () => {
  const id = await make();
  world.server.handle(({ path }) => (path === '/people/3' ? { status: 422 } : {}));
  await world.run(id);
  await world.target.run('delete from public.people where id = 3');
  world.server.requests.length = 0;
  expect(await world.run(id)).toMatchObject({ status: 'success', counts: { planned: zero } });
  expect(sent()).toEqual([]);
});

test('14: triggers during a run are one follow-up, which runs afterwards', async () => {
  const id = await make();
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  world.server.handle(async () => {
    await gate;
    return {};
  });
  const first = await world.trigger(id);
  await world.server.received(1);
  const second = await world.trigger(id);
  const third = await world.trigger(id);
  expect(second.id).not.toBe(first.id);
  expect(third.id).toBe(second.id);
  expect(second.status).toBe('queued');
  open();
  expect((await world.ended(first.id)).status).toBe('success');
  expect((await world.ended(second.id)).counts.planned).toEqual(zero);
});

describe('15: cancel', () => {
  test('in the middle: what was sent counts, the rest comes back with the next run', async () => {
    const id = await make({ ...requests, options: { ...requests.options, concurrency: 2 } });
    let answered = 0;
    world.server.handle(async () => {
      answered += 1;
      return answered > 6 ? { delayMs: 300 } : {};
    });
    const { ctx, actor } = world;
    const started = await world.trigger(id);
    await world.server.received(8);
    await cancelRun(ctx, actor, { id: started.id });
    const askedAt = performance.now();
    const run = await world.ended(started.id);
    expect(performance.now() - askedAt).toBeLessThan(10_000);
    expect(run.status).toBe('cancelled');
    const delivered = run.counts.delivered.added;
    expect(delivered).toBeGreaterThanOrEqual(6);
    expect(run.counts.notAttempted.added).toBe(20 - delivered - run.counts.uncertain.added);
    expect(run.counts.notAttempted.added).toBeGreaterThan(0);

    const rows = await listRunRows(ctx, actor, { runId: run.id, limit: 50, outcome: 'not_attempted' });
    expect(rows.items).toHaveLength(run.counts.notAttempted.added);
    world.server.handle(() => ({}));
    world.server.requests.length = 0;
    const next = await world.run(id);
    expect(next.counts.planned.added + next.counts.planned.changed).toBe(20 - delivered);
    expect(sent()).toHaveLength(20 - delivered);
  });

  test('while the source is read: the query ends there, and nothing is sent', async () => {
    const modelId = await world.model({ sql: 'select id, email from public.people' });
    const sync = await world.sync({ modelId, to: 'http', configuration: requests });
    await world.ctx.db.model.update({
      where: { id: modelId },
      data: {
        query: {
          queryType: 'raw_sql',
          sql: 'select id, email, pg_sleep(30)::text as note from public.people',
        },
      },
    });
    const started = await world.trigger(sync.id);
    const asleep = () =>
      world.target.query(
        "select 1 from pg_stat_activity where query ilike '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid()",
      );
    await until('the query', async () => (await asleep()).length > 0);
    await cancelRun(world.ctx, world.actor, { id: started.id });
    const run = await world.ended(started.id);
    expect(run).toMatchObject({ status: 'cancelled', counts: { planned: zero } });
    await until('the end of the query', async () => (await asleep()).length === 0, 5_000);
    expect(sent()).toEqual([]);
  });
});

test('16: a cron schedule runs in its own zone', async () => {
  const { nextTimes } = await import('@sluice/domain/schedule');
  const schedule = {
    type: 'cron' as const,
    schedule: { expression: '0 9 * * *', timezone: 'America/New_York' },
  };
  const [time] = nextTimes(schedule, {
    after: new Date('2026-07-01T00:00:00Z'),
    anchor: new Date(0),
    count: 1,
  });
  expect(time?.toISOString()).toBe('2026-07-01T13:00:00.000Z');
});

test('a run can be followed live, and again from where the connection was lost', async () => {
  const id = await make();
  world.server.handle(() => ({ delayMs: 20 }));
  const { ctx, actor } = world;
  const started = await world.trigger(id);
  const stop = new AbortController();
  const seen: number[] = [];
  const statuses: string[] = [];
  for await (const { item } of followRun(ctx, actor, { runId: started.id }, stop.signal)) {
    if (item.type === 'event') seen.push(item.event.id);
    else statuses.push(item.run.status);
    if (seen.length === 2) break;
  }
  const after = seen.at(-1) ?? 0;
  for await (const { item } of followRun(ctx, actor, { runId: started.id, after }, stop.signal)) {
    if (item.type === 'event') seen.push(item.event.id);
    else statuses.push(item.run.status);
  }
  const all = await ctx.db.runEvent.findMany({ where: { runId: started.id }, orderBy: { id: 'asc' } });
  expect(seen).toEqual(all.map((event) => Number(event.id)));
  expect(statuses.at(-1)).toBe('success');
  expect(isActive(await getRun(ctx, actor, { id: started.id }))).toBe(false);
});
