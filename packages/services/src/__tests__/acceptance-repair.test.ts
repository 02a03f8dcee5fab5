// What people do about single rows after a run: replay, correct, take back, decide, look up.
import type { ReplayRun } from '@sluice/domain/run-selection';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listDryRunRows } from '../dry-run/list-dry-run-rows.ts';
import { previewReplay } from '../dry-run/preview-replay.ts';
import { previewRevert } from '../dry-run/preview-revert.ts';
import { pruneDryRuns } from '../dry-run/prune-dry-runs.ts';
import { allowRun } from '../run/allow-run.ts';
import { listReasons } from '../run/list-reasons.ts';
import { listRowHistory } from '../run/list-row-history.ts';
import { listRunRows } from '../run/list-run-rows.ts';
import { replayRun } from '../run/replay-run.ts';
import { revertRun } from '../run/revert-run.ts';
import { decideDoubts } from '../sync/decide-doubts.ts';
import { getSync } from '../sync/get-sync.ts';
import { listDoubts } from '../sync/list-doubts.ts';
import { triggerSync } from '../sync/trigger-sync.ts';
import { updateSync } from '../sync/update-sync.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const options = () => ({ signal: AbortSignal.timeout(20_000) });
const rows = async () =>
  Object.fromEntries(
    (
      await world.target.query<{ id: number; name: string }>(
        'select id, name from public.contacts order by id',
      )
    ).map(({ id, name }) => [id, name]),
  );
const failed = (runId: number, extra: Partial<ReplayRun> = {}): ReplayRun => ({
  runId,
  rows: { which: 'failed' },
  corrections: [],
  ignoreGuards: false,
  ...extra,
});

let syncId: number;
beforeEach(async () => {
  await world.target.run(
    'drop table if exists public.people, public.contacts',
    'create table public.people (id int, name text)',
    "insert into public.people values (1, 'ann'), (2, 'bob'), (3, 'far too long')",
    'create table public.contacts (id int primary key, name varchar(6))',
  );
  const modelId = await world.model({ sql: 'select id, name from public.people' });
  const sync = await world.sync({
    modelId,
    to: 'postgresql',
    configuration: {
      object: 'public.contacts',
      mode: 'mirror',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'name', to: 'name' }],
    },
  });
  syncId = sync.id;
});

describe('a rejected row', () => {
  test('is corrected, looked at and sent again now, as a run of its own', async () => {
    const past = await world.run(syncId);
    expect(past).toMatchObject({ status: 'warning', counts: { rejected: { added: 1 } } });
    const [rejected] = (
      await listRunRows(world.ctx, world.actor, { runId: past.id, outcome: 'rejected', limit: 10 })
    ).items;
    const input = failed(past.id, { corrections: [{ seq: rejected?.seq ?? 0, values: { name: 'cid' } }] });

    const preview = await previewReplay(world.ctx, world.actor, input, options());
    expect(preview).toMatchObject({ counts: { queried: 1, planned: { added: 1 } }, guard: null });
    const page = await listDryRunRows(world.ctx, world.actor, { id: preview.id, limit: 10 });
    expect(page.items).toMatchObject([
      {
        key: '3',
        operation: 'upsert',
        fields: [{ field: 'id' }, { field: 'name', after: { value: 'cid' } }],
      },
    ]);
    expect(await rows()).toEqual({ 1: 'ann', 2: 'bob' });

    const queued = await replayRun(world.ctx, world.actor, input);
    expect(queued).toMatchObject({
      kind: 'replay',
      selection: { runId: past.id, summary: `Rejected and doubtful rows of run ${past.id}, 1 corrected` },
    });
    expect(await world.ended(queued.id)).toMatchObject({
      status: 'success',
      counts: { delivered: { added: 1 } },
    });
    expect(await rows()).toEqual({ 1: 'ann', 2: 'bob', 3: 'cid' });
    expect((await world.run(syncId)).counts).toMatchObject({
      unchanged: 3,
      planned: { added: 0, changed: 0 },
    });
  });

  test('is chosen by its reason', async () => {
    const past = await world.run(syncId);
    const [reason] = await listReasons(world.ctx, world.actor, { runId: past.id });
    await world.target.run('alter table public.contacts alter column name type text');
    const run = await replayRun(
      world.ctx,
      world.actor,
      failed(past.id, { rows: { which: 'failed', reasons: [reason?.reason ?? ''] } }),
    );
    expect((await world.ended(run.id)).counts.delivered.added).toBe(1);
    const none = await replayRun(
      world.ctx,
      world.actor,
      failed(past.id, { rows: { which: 'failed', reasons: ['x.00000000000000000000000000000000'] } }),
    );
    expect((await world.ended(none.id)).counts).toMatchObject({ queried: 0 });
  });
});

describe('a replay is refused', () => {
  test('of a run that has not ended, of another workspace, and after the object changed', async () => {
    const past = await world.run(syncId);
    await world.target.run('create table public.other (id int primary key, name text)');
    const { configuration } = await getSync(world.ctx, world.actor, { id: syncId });
    await updateSync(
      world.ctx,
      world.actor,
      { id: syncId, configuration: { ...configuration, object: 'public.other' } },
      options(),
    );
    expect(await failureOf(replayRun(world.ctx, world.actor, failed(past.id)))).toMatchObject({
      code: 'run_not_replayable',
    });
    await world.target.run('drop table public.other');
    const stranger = { ...world.actor, workspaceId: world.actor.workspaceId + 1 };
    expect(await failureOf(replayRun(world.ctx, stranger, failed(past.id)))).toMatchObject({
      code: 'not_found',
    });
  });
});

test('a run is taken back, with its dry run, also while the sync is disabled', async () => {
  await world.target.run("update public.people set name = 'cid' where id = 3");
  await world.run(syncId);
  await world.target.run(
    "update public.people set name = 'BOB' where id = 2",
    'delete from public.people where id = 1',
    "insert into public.people values (4, 'dan')",
  );
  const past = await world.run(syncId);
  await updateSync(world.ctx, world.actor, { id: syncId, disabled: true }, options());
  const input = { runId: past.id, added: 'delete', ignoreGuards: false } as const;
  const preview = await previewRevert(world.ctx, world.actor, input, options());
  expect(preview).toMatchObject({
    counts: { planned: { added: 1, changed: 1, removed: 1 } },
    fields: [{ field: 'name', rows: 1, exact: true }],
  });
  expect(preview.rows.changed[0]?.fields[1]).toEqual({
    field: 'name',
    before: { known: true, value: 'BOB' },
    after: { sent: true, value: 'bob' },
    changed: true,
  });
  const run = await revertRun(world.ctx, world.actor, input);
  expect(await world.ended(run.id)).toMatchObject({ kind: 'revert', status: 'success' });
  expect(await rows()).toEqual({ 1: 'ann', 2: 'bob', 3: 'cid' });
});

test('a revert that a guard stopped goes through when somebody allows it', async () => {
  await world.target.run("update public.people set name = 'cid' where id = 3");
  const past = await world.run(syncId);
  const { configuration } = await getSync(world.ctx, world.actor, { id: syncId });
  const guards = { removedShareMax: null, changedRowsMax: 1 };
  await updateSync(
    world.ctx,
    world.actor,
    { id: syncId, configuration: { ...configuration, guards } },
    options(),
  );
  const run = await revertRun(world.ctx, world.actor, {
    runId: past.id,
    added: 'delete',
    ignoreGuards: false,
  });
  expect((await world.ended(run.id)).error).toMatchObject({ code: 'run_guard' });
  expect(Object.keys(await rows())).toHaveLength(3);
  const allowed = await allowRun(world.ctx, world.actor, { id: run.id });
  expect(await world.ended(allowed.id)).toMatchObject({ kind: 'revert', status: 'success' });
  expect(await rows()).toEqual({});
  expect(await failureOf(allowRun(world.ctx, world.actor, { id: past.id }))).toMatchObject({
    code: 'run_not_active',
  });
});

test('a backfill sends the rows of a filter again, and a wrong filter names its field', async () => {
  await world.run(syncId);
  await world.target.run('delete from public.contacts');
  const filter = [{ column: 'id', operator: 'at_most', value: '1' }] as const;
  const run = await triggerSync(world.ctx, world.actor, {
    id: syncId,
    resync: 'backfill',
    ignoreGuards: false,
    filter: [...filter],
  });
  expect(run.selection?.summary).toBe('Backfill of rows chosen by id');
  expect(await world.ended(run.id)).toMatchObject({ counts: { delivered: { changed: 1 } } });
  expect(await rows()).toEqual({ 1: 'ann' });
  const wrong = await triggerSync(world.ctx, world.actor, {
    id: syncId,
    resync: 'backfill',
    ignoreGuards: false,
    filter: [{ column: 'id', operator: 'equals', value: 'many' }],
  });
  expect((await world.ended(wrong.id)).error).toMatchObject({ code: 'input_invalid' });
});

describe('rows in doubt of a plain webhook', () => {
  let hook: number;
  beforeEach(async () => {
    await world.target.run("update public.people set name = 'cid' where id = 3");
    const request = { method: 'POST', url: '/hook', body: '{"name": {{ row.name | json }}}' };
    const modelId = await world.model({ sql: 'select id, name from public.people' });
    const sync = await world.sync({
      modelId,
      to: 'http',
      configuration: {
        object: 'request',
        mode: 'trigger',
        triggers: ['added', 'changed'],
        options: { added: request, changed: request },
        doubt: 'hold',
      },
    });
    hook = sync.id;
    let calls = 0;
    world.server.handle(() => {
      calls += 1;
      return calls === 2 ? { status: 500 } : {};
    });
    await world.run(hook);
    world.server.handle(() => ({}));
    world.server.requests.length = 0;
  });
  const doubts = () => listDoubts(world.ctx, world.actor, { id: hook, limit: 10 });

  test('are held, listed, and taken for arrived when somebody says so', async () => {
    expect(await world.run(hook)).toMatchObject({ status: 'warning', counts: { held: { added: 1 } } });
    expect(world.server.requests).toEqual([]);
    const page = await doubts();
    expect(page).toMatchObject({ total: 1, items: [{ class: 'added', row: { id: expect.any(String) } }] });
    const last = await world.ctx.db.run.findFirstOrThrow({
      where: { syncId: hook },
      orderBy: { id: 'desc' },
    });
    const held = await listRunRows(world.ctx, world.actor, { runId: last.id, outcome: 'held', limit: 10 });
    expect(held.items.map(({ key }) => key)).toEqual([page.items[0]?.key]);
    expect(await decideDoubts(world.ctx, world.actor, { id: hook, decision: 'arrived', keys: null })).toEqual(
      {
        run: null,
        arrived: 1,
      },
    );
    expect(await doubts()).toMatchObject({ total: 0, items: [] });
    expect(await world.run(hook)).toMatchObject({ status: 'success', counts: { unchanged: 3 } });
    expect(world.server.requests).toEqual([]);
    const audit = await world.ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'sync.doubts' } });
    expect(audit.subjectId).toBe(hook);
  });

  test('are sent again when somebody says so', async () => {
    const [row] = (await doubts()).items;
    const { run } = await decideDoubts(world.ctx, world.actor, {
      id: hook,
      decision: 'send_again',
      keys: [row?.key ?? ''],
    });
    expect(await world.ended(run?.id ?? 0)).toMatchObject({
      status: 'success',
      counts: { delivered: { added: 1 } },
    });
    expect(world.server.requests).toHaveLength(1);
    expect(await doubts()).toMatchObject({ total: 0 });
    expect((await getSync(world.ctx, world.actor, { id: hook })).doubtRows).toBe(0);
  });
});

test('what happened to a key is told over all syncs and runs, a page at a time', async () => {
  const first = await world.run(syncId);
  await world.target.run("update public.people set name = 'BOB' where id = 2");
  const second = await world.run(syncId);
  await world.run(syncId);
  const input = { key: '2', limit: 1 };
  const page = await listRowHistory(world.ctx, world.actor, { ...input, syncId });
  expect(page.items).toMatchObject([{ runId: second.id, syncId, class: 'changed', outcome: 'delivered' }]);
  const next = await listRowHistory(world.ctx, world.actor, { ...input, syncId, cursor: page.nextCursor });
  expect(next.items).toMatchObject([{ runId: first.id, class: 'added' }]);
  const all = await listRowHistory(world.ctx, world.actor, { key: '2', limit: 100 });
  expect(all.items.length).toBeGreaterThan(2);
  expect(all.items.slice(0, 2).map(({ runId }) => runId)).toEqual([second.id, first.id]);
  expect((await listRowHistory(world.ctx, world.actor, { key: 'nobody', limit: 10 })).items).toEqual([]);
});

test('plans of dry runs are forgotten after a day', async () => {
  const past = await world.run(syncId);
  const { id } = await previewReplay(world.ctx, world.actor, failed(past.id), options());
  await world.ctx.db
    .$executeRaw`update dry_runs set created_at = now() - interval '25 hours' where id = ${id}::uuid`;
  expect(await pruneDryRuns(world.ctx)).toBe(1);
  expect(await failureOf(listDryRunRows(world.ctx, world.actor, { id, limit: 1 }))).toMatchObject({
    code: 'not_found',
  });
});
