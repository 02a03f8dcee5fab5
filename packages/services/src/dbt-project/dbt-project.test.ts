import { toJson } from '@sluice/db/json';
import type { DbtManifestSpec } from '@sluice/testing/dbt/artifacts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAudit } from '../audit/list-audit.ts';
import { getModel } from '../model/get-model.ts';
import { inspectKey } from '../model/inspect-key.ts';
import { modelImpact } from '../model/model-impact.ts';
import { previewModel } from '../model/preview-model.ts';
import { removeModel } from '../model/remove-model.ts';
import { updateModel } from '../model/update-model.ts';
import { revertRun } from '../run/revert-run.ts';
import { createSource } from '../source/create-source.ts';
import { removeSource } from '../source/remove-source.ts';
import { failureOf } from '../testing/failure-of.ts';
import {
  customersNode,
  type DbtProjectWorld,
  type DbtWorld,
  openDbtWorld,
} from '../testing/open-dbt-world.ts';
import { getDbtProject } from './get-dbt-project.ts';
import { listDbtNodes } from './list-dbt-nodes.ts';
import { receiveFile } from './receive-file.ts';
import { removeDbtProject } from './remove-dbt-project.ts';

let world: DbtWorld;
let project: DbtProjectWorld;

const signal = () => ({ signal: AbortSignal.timeout(60_000) });
const take = (spec: DbtManifestSpec, apply?: boolean) => project.take(spec, apply);
const query = (name: string) => project.query(name);
const follow: DbtProjectWorld['follow'] = (name, more) => project.follow(name, more);
const syncOf = (modelId: number) => project.syncOf(modelId);
const customers = customersNode;

beforeAll(async () => {
  world = await openDbtWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  project = await world.project();
});

describe('a model that follows a dbt model', () => {
  it('reads its relation, or its compiled SQL where there is none, wherever rows are read', async () => {
    const ephemeral = {
      name: 'vips',
      materialized: 'ephemeral',
      compiledSql: 'select id, email from analytics.base where id < 4',
    };
    await take({ nodes: [customers, ephemeral] });
    const { ctx, actor, sourceId } = world;
    const model = await follow('customers');
    expect(model).toMatchObject({
      query: query('customers'),
      dbt: { relation: '"postgres"."analytics"."customers"', problem: null, renamedAt: null },
    });
    expect(model.columns.map(({ name }) => name)).toEqual(['id', 'email', 'city']);
    const preview = await previewModel(ctx, actor, { sourceId, query: query('vips') }, signal());
    expect(preview.rows).toHaveLength(3);
    const key = await inspectKey(ctx, actor, { sourceId, query: query('customers'), column: 'id' }, signal());
    expect(key).toMatchObject({ rows: 20, duplicates: 0 });
    const { syncs } = await modelImpact(ctx, actor, { id: model.id, query: query('vips') }, signal());
    expect(syncs).toEqual([]);

    const sync = await syncOf(model.id);
    expect(await world.run(sync.id)).toMatchObject({ status: 'success' });
    expect(await sync.rows()).toBe(20);
  });

  it('gets the columns that the source has now, and names the syncs that miss one', async () => {
    await take({ nodes: [customers] });
    const model = await follow('customers');
    const sync = await syncOf(model.id);
    const next = { ...customers, compiledSql: 'select id from base', relation: '"analytics"."slim"' };
    await world.target.run('create or replace view analytics.slim as select id from analytics.base');

    const looked = await take({ nodes: [next] }, false);
    expect(looked).toMatchObject({
      applied: false,
      counts: { added: 0, changed: 1, renamed: 0, removed: 0 },
      models: [
        {
          id: model.id,
          change: 'changed',
          problem: null,
          syncs: [{ slug: sync.slug, effect: 'broken', missingColumns: ['email'] }],
        },
      ],
    });
    expect((await getModel(world.ctx, world.actor, model)).columns).toHaveLength(3);

    expect(await take({ nodes: [next] })).toMatchObject({ applied: true, models: looked.models });
    expect((await getModel(world.ctx, world.actor, model)).columns.map(({ name }) => name)).toEqual(['id']);
    expect(await world.run(sync.id)).toMatchObject({ status: 'failed' });
  });

  it('goes along when dbt renames it, and sends nothing again', async () => {
    await take({ nodes: [customers] });
    const model = await follow('customers');
    const sync = await syncOf(model.id);
    await world.run(sync.id);
    const report = await take({ nodes: [{ ...customers, name: 'clients' }] });
    expect(report).toMatchObject({
      counts: { added: 0, changed: 0, renamed: 1, removed: 0 },
      renamed: [{ from: 'model.shop.customers', to: 'model.shop.clients' }],
      models: [{ id: model.id, change: 'renamed', problem: null }],
    });
    const after = await getModel(world.ctx, world.actor, model);
    expect(after).toMatchObject({
      query: query('clients'),
      dbt: { previousId: 'model.shop.customers', relation: '"postgres"."analytics"."clients"' },
    });
    expect(after.dbt?.renamedAt).toBeInstanceOf(Date);
    const { items } = await listAudit(world.ctx, world.actor, { action: 'model.follow_dbt', limit: 1 });
    expect(items[0]).toMatchObject({
      subjectId: model.id,
      changes: { 'query.uniqueId': ['model.shop.customers', 'model.shop.clients'] },
    });
    const run = await world.run(sync.id);
    expect(run).toMatchObject({
      status: 'success',
      counts: { unchanged: 20, planned: { added: 0, changed: 0 } },
    });
  });

  it('fails its runs while it is gone, removes nothing, and goes on when it is back', async () => {
    await take({ nodes: [customers] });
    const model = await follow('customers');
    const sync = await syncOf(model.id);
    const first = await world.run(sync.id);
    expect(await take({ nodes: [] })).toMatchObject({
      removed: ['model.shop.customers'],
      models: [{ change: 'removed', syncs: [{ effect: 'broken' }] }],
    });
    const failed = await world.run(sync.id);
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'dbt_model_missing' } });
    expect(await sync.rows()).toBe(20);
    // What was delivered can be taken back all the same.
    const revert = { runId: first.id, added: 'delete' as const, ignoreGuards: true };
    const { id: revertId } = await revertRun(world.ctx, world.actor, revert);
    expect(await world.ended(revertId)).toMatchObject({ status: 'success' });
    expect(await sync.rows()).toBe(0);
    expect((await getModel(world.ctx, world.actor, model)).dbt?.problem).toMatch(
      /not in the newest manifest/,
    );
    expect((await getDbtProject(world.ctx, world.actor, { id: project.id })).models).toEqual([
      { id: model.id, name: 'customers', uniqueId: 'model.shop.customers', problem: expect.any(String) },
    ]);
    expect(await take({ nodes: [customers] })).toMatchObject({
      models: [{ change: 'returned', problem: null }],
    });
    expect(await world.run(sync.id)).toMatchObject({ status: 'success' });
  });

  it('says that an ephemeral model was never compiled', async () => {
    await take({ nodes: [{ name: 'vips', materialized: 'ephemeral' }] });
    expect(await failureOf(follow('vips'))).toMatchObject({
      code: 'dbt_model_missing',
      fix: expect.stringContaining('dbt compile'),
    });
  });

  it('belongs to the source of the project, and can be changed to another query and back', async () => {
    await take({ nodes: [customers] });
    const { ctx, actor, target } = world;
    const other = await createSource(ctx, actor, {
      name: 'Other',
      type: 'postgresql',
      configuration: target.configuration,
    });
    expect(await failureOf(follow('customers', { sourceId: other.id }))).toMatchObject({
      code: 'input_invalid',
    });
    expect(await failureOf(follow('nobody'))).toMatchObject({ code: 'not_found' });
    const model = await follow('customers');
    const raw = { queryType: 'raw_sql' as const, sql: 'select 1 as id' };
    const update = (to: typeof raw | ReturnType<typeof query>) =>
      updateModel(ctx, actor, { id: model.id, query: to, acceptFullResync: false }, signal());
    expect(await update(raw)).toMatchObject({ query: raw, dbt: null });
    expect(await update(query('customers'))).toMatchObject({ dbt: { uniqueId: 'model.shop.customers' } });
  });
});

describe('a manifest', () => {
  it('changes nothing the second time, and keeps what the first one changed on show', async () => {
    const spec = { nodes: [customers], generatedAt: '2027-01-01T00:00:00Z' };
    await take(spec);
    expect((await take(spec)).counts).toEqual({ added: 0, changed: 0, renamed: 0, removed: 0 });
    const { manifest, nodes } = await getDbtProject(world.ctx, world.actor, { id: project.id });
    expect([nodes, manifest?.report.added]).toEqual([1, ['model.shop.customers']]);
  });

  it('that is older, of another project or of another warehouse is refused', async () => {
    await take({ nodes: [customers], generatedAt: '2026-12-01T00:00:00Z' });
    const refused: [DbtManifestSpec, string, RegExp][] = [
      [{ nodes: [], generatedAt: '2026-11-30T00:00:00Z' }, 'conflict', /before the newest one/],
      [{ nodes: [], projectName: 'bank' }, 'input_invalid', /dbt project bank/],
      [{ nodes: [], adapter: 'snowflake' }, 'input_invalid', /adapter snowflake/],
    ];
    for (const [spec, code, message] of refused) {
      const failure = await failureOf(take(spec));
      expect([failure.code, failure.message]).toEqual([code, expect.stringMatching(message)]);
    }
    expect((await getDbtProject(world.ctx, world.actor, { id: project.id })).nodes).toBe(1);
  });

  it('is applied although the source cannot be asked, and says so', async () => {
    await take({ nodes: [customers] });
    const model = await follow('customers');
    const where = { id: world.sourceId };
    const { configuration } = await world.ctx.db.source.findUniqueOrThrow({ where });
    const asleep = toJson({ ...world.target.configuration, password: undefined, port: 1 });
    await world.ctx.db.source.update({ where, data: { configuration: asleep } });
    try {
      const report = await take({ nodes: [{ ...customers, compiledSql: 'select 3' }] });
      expect(report.models).toMatchObject([{ problem: expect.stringMatching(/could not be read/) }]);
    } finally {
      await world.ctx.db.source.update({ where, data: { configuration: toJson(configuration) } });
    }
    expect((await getModel(world.ctx, world.actor, model)).columns).toHaveLength(3);
  });

  it('taken beside another one leaves the nodes of the newer', async () => {
    const nodes = (from: string) =>
      Array.from({ length: 300 }, (_, n) => ({ name: `${from}_${n}`, rawSql: `select ${n} -- ${from}` }));
    const specs = ['a', 'b', 'c'].map((from, index) => ({
      nodes: nodes(from),
      generatedAt: `2027-02-0${index + 1}T00:00:00Z`,
    }));
    const ends = await Promise.allSettled(specs.map((spec) => take(spec)));
    const newest = specs.filter((_, index) => ends[index]?.status === 'fulfilled').at(-1)?.generatedAt;
    const { manifest, nodes: present } = await getDbtProject(world.ctx, world.actor, { id: project.id });
    expect(manifest?.generatedAt).toEqual(new Date(newest ?? 0));
    expect(present).toBe(300);
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'conflict' });
  });

  it('may have 64 MB, and not one byte more', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(32);
    const megabytes = function* (count: number, more = 0) {
      for (let n = 0; n < count; n += 1) yield chunk;
      if (more > 0) yield chunk.subarray(0, more);
    };
    expect(await receiveFile(world.ctx, megabytes(64), async () => 'read')).toBe('read');
    expect(await failureOf(receiveFile(world.ctx, megabytes(64, 1), async () => 'read'))).toMatchObject({
      code: 'payload_too_large',
      message: 'The file is larger than 64 MB.',
    });
  });
});

it('finds nodes by name, description, column and tag, page by page', async () => {
  await take({
    nodes: [
      { name: 'customers', description: 'Who bought 100% of it', columns: { email: '' }, tags: ['crm'] },
      { name: 'orders', columns: { amount: '' } },
      { name: 'payments', tags: ['finance_daily'] },
    ],
  });
  const found = async (search: string) => {
    const { items } = await listDbtNodes(world.ctx, world.actor, {
      projectId: project.id,
      search,
      limit: 50,
    });
    return items.map(({ name }) => name);
  };
  expect(await found('')).toEqual(['customers', 'orders', 'payments']);
  expect(await found('CUSTOM')).toEqual(['customers']);
  expect(await found('100%')).toEqual(['customers']);
  expect(await found('amount')).toEqual(['orders']);
  expect(await found('finance_d')).toEqual(['payments']);
  expect(await found('nothing')).toEqual([]);
  const list = (cursor: string | null) =>
    listDbtNodes(world.ctx, world.actor, { projectId: project.id, search: '', limit: 2, cursor });
  const first = await list(null);
  const second = await list(first.nextCursor);
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual([
    'customers',
    'orders',
    'payments',
  ]);
  expect(second.nextCursor).toBeNull();
});

it('goes only when nothing needs it any more', async () => {
  await take({ nodes: [customers] });
  const { ctx, actor, sourceId } = world;
  const model = await follow('customers');
  expect(await failureOf(removeDbtProject(ctx, actor, { id: project.id }))).toMatchObject({
    code: 'in_use',
    message: expect.stringContaining('the model "customers"'),
  });
  expect((await failureOf(removeSource(ctx, actor, { id: sourceId }))).code).toBe('in_use');
  await removeModel(ctx, actor, model);
  await removeDbtProject(ctx, actor, { id: project.id });
  expect((await failureOf(getDbtProject(ctx, actor, { id: project.id }))).code).toBe('not_found');
});
