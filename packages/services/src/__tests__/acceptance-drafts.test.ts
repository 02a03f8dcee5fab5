// What people do before and between runs: preview, dry run, test of one row; and what the start page says of it.
import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dryRun } from '../dry-run/dry-run.ts';
import { getOverview } from '../overview/get-overview.ts';
import { previewRows } from '../sync/preview-rows.ts';
import { testRow } from '../sync/test-row.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const options = () => ({ signal: AbortSignal.timeout(20_000) });
const sql = 'select id, email from public.people';
const request = (method: string) => ({
  method,
  url: '/people/{{ row.id }}',
  body: '{"email": {{ row.email | json }}}',
});
const configuration = SyncConfiguration.parse({
  object: 'request',
  mode: 'trigger',
  options: {
    added: request('POST'),
    changed: request('PUT'),
    removed: { method: 'DELETE', url: '/people/{{ row.id }}' },
  },
} satisfies SyncConfigurationInput);

beforeEach(async () => {
  world.server.requests.length = 0;
  world.server.handle(() => ({}));
  await world.target.run(
    'drop table if exists public.people',
    'create table public.people (id int, email text)',
    "insert into public.people select n, 'p' || n || '@example.com' from generate_series(1, 30) n",
  );
});

const newDraft = async () => ({
  modelId: await world.model({ sql }),
  destinationId: world.destinations.http,
  configuration,
});

test('a preview shows five rows and their requests, and sends nothing', async () => {
  const preview = await previewRows(world.ctx, world.actor, await newDraft(), options());
  expect(preview.rows).toHaveLength(5);
  expect(preview.rows[0]).toMatchObject({ error: null, row: { id: 1, email: 'p1@example.com' } });
  expect(preview.requests[0]?.summary).toContain('POST');
  expect(world.server.requests).toEqual([]);
});

describe('a dry run', () => {
  test('of a draft plans everything as added; of a saved sync what changed since', async () => {
    const draft = await newDraft();
    const first = await dryRun(world.ctx, world.actor, draft, options());
    expect(first.counts).toMatchObject({ queried: 30, planned: { added: 30, changed: 0, removed: 0 } });
    expect(first.samples.added).toHaveLength(10);
    expect(first.requests.length).toBeGreaterThan(0);

    const sync = await world.sync({ modelId: draft.modelId, to: 'http', configuration });
    await world.run(sync.id);
    world.server.requests.length = 0;
    await world.target.run(
      "update public.people set email = 'new@example.com' where id = 1",
      'delete from public.people where id = 2',
    );
    const second = await dryRun(world.ctx, world.actor, { ...draft, id: sync.id }, options());
    expect(second.counts).toMatchObject({ planned: { added: 0, changed: 1, removed: 1 }, unchanged: 28 });
    expect(world.server.requests).toEqual([]);
    // Nothing was stored: the run plans the same.
    expect((await world.run(sync.id)).counts.planned).toEqual({ added: 0, changed: 1, removed: 1 });
  });

  test('names what is wrong with the draft, field by field', async () => {
    const draft = await newDraft();
    const wrong = { ...draft, configuration: { ...configuration, options: { added: { method: 'JUMP' } } } };
    const failure = await failureOf(dryRun(world.ctx, world.actor, wrong, options()));
    expect(failure.code).toBe('input_invalid');
    expect(Object.keys(failure.fields ?? {}).join()).toContain('options.added.method');
  });

  test('of another workspace finds nothing, and a viewer may not', async () => {
    const draft = await newDraft();
    const { actor: stranger } = await createTestMember(world.ctx, 'other', 'admin');
    const { actor: viewer } = await createTestMember(world.ctx, 'acme', 'viewer');
    expect((await failureOf(dryRun(world.ctx, stranger, draft, options()))).code).toBe('not_found');
    expect((await failureOf(previewRows(world.ctx, viewer, draft, options()))).code).toBe('forbidden');
    expect((await failureOf(testRow(world.ctx, viewer, { ...draft, class: 'added' }, options()))).code).toBe(
      'forbidden',
    );
  });
});

test('a test really sends one row, shows request and answer, and is in the audit log', async () => {
  const draft = await newDraft();
  const input = { ...draft, key: '7', class: 'changed' as const, row: { email: 'other@example.com' } };
  const result = await testRow(world.ctx, world.actor, input, options());
  expect(result).toMatchObject({ outcome: 'delivered', mapped: { key: '7' } });
  expect(world.server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['PUT /people/7']);
  expect(world.server.requests[0]?.json()).toEqual({ email: 'other@example.com' });
  expect(result.exchanges[0]?.response?.summary).toContain('200');
  const audited = await world.ctx.db.auditEntry.findFirst({ where: { action: 'sync.test_row' } });
  expect(audited).toMatchObject({ actor: 'admin of acme', subjectType: 'destination' });
});

test('the start page knows the steps taken, the activity of the day, and what needs attention', async () => {
  const { modelId } = await newDraft();
  const sync = await world.sync({ modelId, to: 'http', configuration });
  const before = await getOverview(world.ctx, world.actor);
  world.server.handle(({ path }) => (path === '/people/3' ? { status: 422 } : {}));
  await world.run(sync.id);
  const after = await getOverview(world.ctx, world.actor);
  expect(after.steps).toEqual([
    { id: 'source', done: true },
    { id: 'model', done: true },
    { id: 'destination', done: true },
    { id: 'sync', done: true },
    { id: 'run', done: true },
    { id: 'token', done: false },
  ]);
  expect(after.activity).toHaveLength(14);
  const day = (overview: typeof after) => overview.activity.at(-1) ?? { delivered: 0, rejected: 0, runs: 0 };
  expect(day(after).runs - day(before).runs).toBe(1);
  expect(day(after).delivered - day(before).delivered).toBe(29);
  expect(day(after).rejected - day(before).rejected).toBe(1);
  expect(after.attention).toMatchObject([
    { syncId: sync.id, status: 'warning', message: 'Rows are pending: 1 rejected.' },
  ]);
});
