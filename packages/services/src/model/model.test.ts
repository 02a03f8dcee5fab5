import type { Actor } from '@sluice/domain/actor';
import type { ModelQuery } from '@sluice/domain/query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '../audit/list-audit.ts';
import { createSource } from '../source/create-source.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { startTargetPostgres, type TargetPostgres } from '../testing/start-target-postgres.ts';
import { createModel } from './create-model.ts';
import { getModel } from './get-model.ts';
import { inspectKey } from './inspect-key.ts';
import { listModels } from './list-models.ts';
import { modelImpact } from './model-impact.ts';
import { previewModel } from './preview-model.ts';
import { removeModel } from './remove-model.ts';
import { updateModel } from './update-model.ts';

let target: TargetPostgres;
let ctx: TestContext;
let editor: Actor;
let viewer: Actor;
let stranger: Actor;
let admin: Actor;
let sourceId: number;

const options = () => ({ signal: AbortSignal.timeout(20_000) });
const sql = (text: string): ModelQuery => ({ queryType: 'raw_sql', sql: text });
const people = sql('select id, email, name from people');

beforeAll(async () => {
  target = await startTargetPostgres();
  await target.run(
    'create table people (id int, email text, name text)',
    `insert into people select n, 'p' || n || '@example.com', 'Person ' || n from generate_series(1, 150) n`,
    `insert into people values (null, 'null@example.com', 'Nobody'), (7, 'seven@example.com', 'Twice')`,
  );
  ctx = await openTestContext({ EGRESS_ALLOW: target.hostPort });
  ({ actor: admin } = await createTestMember(ctx, 'acme', 'admin'));
  ({ actor: editor } = await createTestMember(ctx, 'acme', 'editor'));
  ({ actor: viewer } = await createTestMember(ctx, 'acme', 'viewer'));
  ({ actor: stranger } = await createTestMember(ctx, 'other', 'admin'));
  const source = { name: 'Warehouse', type: 'postgresql', configuration: target.configuration };
  ({ id: sourceId } = await createSource(ctx, editor, source));
});
afterAll(async () => {
  await ctx.close();
  await target.stop();
});

const newModel = (more: Partial<Parameters<typeof createModel>[2]> = {}) =>
  createModel(
    ctx,
    editor,
    {
      name: 'People',
      description: '',
      sourceId,
      query: people,
      primaryKey: 'id',
      tags: {},
      skipColumnQuery: false,
      ...more,
    },
    options(),
  );

/** A sync as it is stored, without asking a destination. */
async function newSync(modelId: number, slug: string, referencedColumns: string[]): Promise<number> {
  const { workspaceId } = editor;
  const destination = await ctx.db.destination.upsert({
    where: { workspaceId_slug: { workspaceId, slug: 'hook' } },
    update: {},
    create: { workspaceId, name: 'Hook', slug: 'hook', type: 'http-request', configuration: {} },
  });
  const sync = await ctx.db.sync.create({
    data: { workspaceId, modelId, destinationId: destination.id, slug, configuration: {}, referencedColumns },
  });
  return sync.id;
}

describe('creating', () => {
  it('reads the columns of the query', async () => {
    const model = await newModel({ tags: { team: 'growth' } });
    expect(model).toMatchObject({
      slug: 'people',
      sourceName: 'Warehouse',
      sourceType: 'postgresql',
      query: people,
      primaryKey: 'id',
      tags: { team: 'growth' },
      syncs: [],
    });
    expect(model.columns.map(({ name, type }) => [name, type])).toEqual([
      ['id', 'integer'],
      ['email', 'string'],
      ['name', 'string'],
    ]);
    const { items } = await listAudit(ctx, admin, { action: 'model.create', limit: 1 });
    expect(items[0]).toMatchObject({ subjectId: model.id, subjectName: 'People' });
  });

  it('leaves them empty when asked not to look', async () => {
    const model = await newModel({ skipColumnQuery: true, query: sql('select nothing from nowhere') });
    expect(model.columns).toEqual([]);
  });

  it('refuses what cannot be a model, and saves nothing', async () => {
    const before = (await listModels(ctx, viewer)).length;
    const failures: [Partial<Parameters<typeof createModel>[2]>, string][] = [
      [{ primaryKey: 'uuid' }, 'model_primary_key_missing'],
      [{ query: sql('select id, email as id from people') }, 'query_columns_duplicate'],
      [{ query: sql('selec id from people') }, 'query_invalid'],
      [{ query: sql('delete from people returning id') }, 'query_not_read_only'],
      [{ slug: 'people' }, 'slug_taken'],
      [{ sourceId: 2_000_000 }, 'not_found'],
    ];
    for (const [input, code] of failures) {
      expect((await failureOf(newModel(input))).code, code).toBe(code);
    }
    const missing = await failureOf(newModel({ primaryKey: 'uuid' }));
    expect(missing.fields).toHaveProperty('primaryKey');
    expect(missing.fix).toContain('id, email, name');
    expect((await listModels(ctx, viewer)).length).toBe(before);
    expect(await target.query('select count(*)::int as n from people')).toEqual([{ n: 152 }]);
  });
});

describe('previewing', () => {
  it('shows a hundred rows and that there are more', async () => {
    const preview = await previewModel(ctx, editor, { sourceId, query: people }, options());
    expect(preview.rows).toHaveLength(100);
    expect(preview.hasMore).toBe(true);
    expect(preview.columns.map(({ name }) => name)).toEqual(['id', 'email', 'name']);
  });

  it('counts the flaws of a key', async () => {
    const key = await inspectKey(ctx, editor, { sourceId, query: people, column: 'id' }, options());
    expect(key).toEqual({ rows: 152, nulls: 1, duplicates: 2, examples: ['7'] });
  });

  it('stops at the source when the person leaves', async () => {
    const leave = new AbortController();
    const slow = sql('select pg_sleep(60)::text as id, 4711 as marker');
    const preview = previewModel(ctx, editor, { sourceId, query: slow }, { signal: leave.signal });
    const running = () =>
      target.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
         where state = 'active' and query like '%4711%' and pid <> pg_backend_pid()`,
      );
    await expect.poll(async () => (await running())[0]?.n, { timeout: 10_000 }).toBe(1);
    leave.abort();
    await expect(preview).rejects.toThrow();
    await expect.poll(async () => (await running())[0]?.n, { timeout: 10_000 }).toBe(0);
  });

  it('runs three at once in a workspace, and says so to the fourth', async () => {
    const leave = new AbortController();
    const slow = { sourceId, query: sql('select pg_sleep(60)::text as id, 4712 as marker') };
    const running = Array.from({ length: 3 }, () =>
      previewModel(ctx, editor, slow, { signal: leave.signal }),
    );
    const ended = Promise.allSettled(running);
    const active = () =>
      target.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
         where state = 'active' and query like '%4712%' and pid <> pg_backend_pid()`,
      );
    await expect.poll(async () => (await active())[0]?.n, { timeout: 10_000 }).toBe(3);
    const fourth = previewModel(ctx, editor, { sourceId, query: people }, options());
    expect((await failureOf(fourth)).code).toBe('rate_limited');
    leave.abort();
    await ended;
  });

  it('is for editors, and for sources of the workspace', async () => {
    const input = { sourceId, query: people };
    expect((await failureOf(previewModel(ctx, viewer, input, options()))).code).toBe('forbidden');
    expect((await failureOf(previewModel(ctx, stranger, input, options()))).code).toBe('not_found');
    const key = { ...input, column: 'id' };
    expect((await failureOf(inspectKey(ctx, viewer, key, options()))).code).toBe('forbidden');
    expect((await failureOf(inspectKey(ctx, stranger, key, options()))).code).toBe('not_found');
  });
});

describe('updating', () => {
  it('reads the columns of a new query and leaves the rest', async () => {
    const { id } = await newModel({ name: 'Changing', description: 'Old' });
    const query = sql('select id, email from people');
    const model = await updateModel(ctx, editor, { id, query, acceptFullResync: false }, options());
    expect(model.columns.map(({ name }) => name)).toEqual(['id', 'email']);
    expect(model).toMatchObject({ name: 'Changing', description: 'Old', primaryKey: 'id' });
    const { items } = await listAudit(ctx, admin, { action: 'model.update', limit: 1 });
    expect(items[0]?.changes).toEqual({
      'query.sql': ['select id, email, name from people', 'select id, email from people'],
    });
  });

  it('refuses a query that loses the primary key', async () => {
    const { id } = await newModel({ name: 'Losing' });
    const query = sql('select email from people');
    const err = await failureOf(updateModel(ctx, editor, { id, query, acceptFullResync: true }, options()));
    expect(err.code).toBe('model_primary_key_missing');
    expect((await getModel(ctx, viewer, { id })).query).toEqual(people);
  });

  it('wants consent before a new primary key, and then marks every sync', async () => {
    const { id } = await newModel({ name: 'Keyed' });
    const first = await newSync(id, 'keyed-1', ['email']);
    const second = await newSync(id, 'keyed-2', ['name']);
    const input = { id, primaryKey: 'email', acceptFullResync: false };
    const err = await failureOf(updateModel(ctx, editor, input, options()));
    expect(err).toMatchObject({
      code: 'confirmation_required',
      details: {
        syncs: [
          { id: first, slug: 'keyed-1' },
          { id: second, slug: 'keyed-2' },
        ],
      },
    });
    const pending = () => ctx.db.sync.findMany({ where: { modelId: id }, select: { pendingResync: true } });
    expect(await pending()).toEqual([{ pendingResync: 'none' }, { pendingResync: 'none' }]);

    const model = await updateModel(ctx, editor, { ...input, acceptFullResync: true }, options());
    expect(model.primaryKey).toBe('email');
    expect(await pending()).toEqual([{ pendingResync: 'full' }, { pendingResync: 'full' }]);
  });

  it('needs no consent without syncs', async () => {
    const { id } = await newModel({ name: 'Free' });
    const input = { id, primaryKey: 'email', acceptFullResync: false };
    expect((await updateModel(ctx, editor, input, options())).primaryKey).toBe('email');
  });
});

describe('impact', () => {
  it('says per sync what a change does', async () => {
    const { id } = await newModel({ name: 'Impact' });
    await newSync(id, 'impact-email', ['email']);
    await newSync(id, 'impact-name', ['name']);
    await newSync(id, 'impact-all', ['*']);
    const effects = async (input: { query?: ModelQuery; primaryKey?: string }) =>
      (await modelImpact(ctx, editor, { id, ...input }, options())).syncs.map(
        ({ effect, missingColumns }) => [effect, ...missingColumns],
      );
    expect(await effects({})).toEqual([['none'], ['none'], ['none']]);
    expect(await effects({ query: sql('select id, email, name from people where id > 3') })).toEqual([
      ['none'],
      ['none'],
      ['none'],
    ]);
    expect(await effects({ query: sql('select id, email from people') })).toEqual([
      ['none'],
      ['broken', 'name'],
      ['resync'],
    ]);
    expect(await effects({ primaryKey: 'email' })).toEqual([['resync'], ['resync'], ['resync']]);
    expect(await effects({ query: sql('select email, name from people') })).toEqual([
      ['broken', 'id'],
      ['broken', 'id'],
      ['broken', 'id'],
    ]);
    expect((await getModel(ctx, viewer, { id })).columns).toHaveLength(3);
  });

  it('lets a viewer ask about a key, but run no query', async () => {
    const { id } = await newModel({ name: 'Viewed' });
    expect(await modelImpact(ctx, viewer, { id, primaryKey: 'email' }, options())).toEqual({ syncs: [] });
    const draft = { id, query: sql('select 1 as id') };
    expect((await failureOf(modelImpact(ctx, viewer, draft, options()))).code).toBe('forbidden');
  });
});

describe('removing', () => {
  it('refuses while a sync uses the model, and names it', async () => {
    const { id } = await newModel({ name: 'Used' });
    const syncId = await newSync(id, 'used-by', ['email']);
    const err = await failureOf(removeModel(ctx, editor, { id }));
    expect(err).toMatchObject({ code: 'in_use', message: expect.stringContaining('"used-by"') });
    await ctx.db.sync.delete({ where: { id: syncId } });
    await removeModel(ctx, editor, { id });
    expect((await failureOf(getModel(ctx, editor, { id }))).code).toBe('not_found');
  });
});

describe('another workspace', () => {
  it('finds nothing of this one, nested ids included', async () => {
    const { id } = await newModel({ name: 'Private' });
    const create = {
      name: 'X',
      description: '',
      query: people,
      primaryKey: 'id',
      tags: {},
      skipColumnQuery: true,
    };
    const attempts = [
      () => getModel(ctx, stranger, { id }),
      () => updateModel(ctx, stranger, { id, name: 'Stolen', acceptFullResync: false }, options()),
      () => removeModel(ctx, stranger, { id }),
      () => modelImpact(ctx, stranger, { id }, options()),
      () => createModel(ctx, stranger, { ...create, sourceId }, options()),
    ];
    for (const attempt of attempts) expect((await failureOf(attempt())).code).toBe('not_found');
    expect(await listModels(ctx, stranger)).toEqual([]);
    expect((await getModel(ctx, editor, { id })).name).toBe('Private');
  });
});
