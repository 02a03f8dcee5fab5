import type { Actor } from '@sluice/domain/actor';
import { permissionsOfScope } from '@sluice/domain/permission';
import { CreateSync, SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { listAudit } from '../audit/list-audit.ts';
import { createDestination } from '../destination/create-destination.ts';
import { getObject } from '../destination/get-object.ts';
import { listObjects } from '../destination/list-objects.ts';
import { removeDestination } from '../destination/remove-destination.ts';
import { createModel } from '../model/create-model.ts';
import { getModel } from '../model/get-model.ts';
import { createSource } from '../source/create-source.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { startTargetPostgres, type TargetPostgres } from '../testing/start-target-postgres.ts';
import { createSync } from './create-sync.ts';
import { getSync } from './get-sync.ts';
import { listSyncs } from './list-syncs.ts';
import { removeSync } from './remove-sync.ts';
import { suggestMappings } from './suggest-mappings.ts';
import { updateSync } from './update-sync.ts';

let target: TargetPostgres;
let ctx: TestContext;
let editor: Actor;
let viewer: Actor;
let stranger: Actor;
let admin: Actor;
let sourceId: number;
let modelId: number;
let contacts: number;
let hook: number;

const options = () => ({ signal: AbortSignal.timeout(20_000) });

beforeAll(async () => {
  target = await startTargetPostgres();
  await target.run(
    'create table users (id int, email text, full_name text, plan text)',
    `create table contacts (
      id int generated always as identity primary key,
      email text not null unique,
      "fullName" text not null,
      plan text
    )`,
    'create table leads (email text unique, plan text)',
  );
  ctx = await openTestContext({ EGRESS_ALLOW: target.hostPort });
  ({ actor: admin } = await createTestMember(ctx, 'acme', 'admin'));
  ({ actor: editor } = await createTestMember(ctx, 'acme', 'editor'));
  ({ actor: viewer } = await createTestMember(ctx, 'acme', 'viewer'));
  ({ actor: stranger } = await createTestMember(ctx, 'other', 'admin'));
  const postgres = { type: 'postgresql', configuration: target.configuration };
  ({ id: sourceId } = await createSource(ctx, editor, { name: 'Warehouse', ...postgres }));
  modelId = (await newModel('Users')).id;
  ({ id: contacts } = await createDestination(ctx, editor, { name: 'CRM', ...postgres }));
  const http = { baseUrl: 'https://hooks.example.com' };
  ({ id: hook } = await createDestination(ctx, editor, {
    name: 'Hook',
    type: 'http-request',
    configuration: http,
  }));
});
afterAll(async () => {
  await ctx.close();
  await target.stop();
});

const newModel = (name: string, skipColumnQuery = false) =>
  createModel(
    ctx,
    editor,
    {
      name,
      description: '',
      sourceId,
      query: { queryType: 'raw_sql', sql: 'select id, email, full_name, plan from users' },
      primaryKey: 'id',
      tags: {},
      skipColumnQuery,
    },
    options(),
  );

const upsert = (more: Partial<SyncConfigurationInput> = {}): SyncConfiguration =>
  SyncConfiguration.parse({
    object: 'public.contacts',
    mode: 'upsert',
    matchKey: { from: 'email', to: 'email' },
    mappings: [{ type: 'column', from: 'full_name', to: 'fullName' }],
    ...more,
  });

const newSync = (more: Partial<z.input<typeof CreateSync>> = {}, actor = editor) =>
  createSync(
    ctx,
    actor,
    CreateSync.parse({ modelId, destinationId: contacts, configuration: upsert(), ...more }),
    options(),
  );

const storedSync = (id: number) => ctx.db.sync.findUniqueOrThrow({ where: { id } });
const hourly = { type: 'interval', schedule: { interval: { unit: 'hour', quantity: 1 } } } as const;

describe('creating', () => {
  it('keeps what it sends, the columns it uses, and when it runs next', async () => {
    const before = Date.now();
    const sync = await newSync({ schedule: hourly, tags: { team: 'growth' } });
    expect(sync).toMatchObject({
      slug: 'users-to-crm',
      modelName: 'Users',
      sourceName: 'Warehouse',
      destinationName: 'CRM',
      destinationType: 'postgresql',
      primaryKey: 'id',
      referencedColumns: ['email', 'full_name'],
      status: 'pending',
      lastRun: null,
      ledgerRows: 0,
      schedule: hourly,
      tags: { team: 'growth' },
    });
    const inMs = (sync.nextRunAt?.getTime() ?? 0) - before;
    expect(inMs).toBeGreaterThanOrEqual(3_600_000);
    expect(inMs).toBeLessThan(3_660_000);
    expect((await newSync()).slug).toBe('users-to-crm-2');
    const { items } = await listAudit(ctx, admin, { action: 'sync.create', limit: 5 });
    expect(items.map(({ subjectName }) => subjectName)).toContain('users-to-crm');
  });

  it('names every mistake at its path, and saves nothing', async () => {
    const before = (await listSyncs(ctx, viewer)).length;
    const configuration = upsert({
      matchKey: { from: 'mail', to: 'plan' },
      mappings: [
        { type: 'column', from: 'nam', to: 'fullName' },
        { type: 'template', template: '{{ row.plan | shout }}', to: 'plan2' },
        { type: 'column', from: 'plan', to: 'fullName' },
        { type: 'column', from: 'id', to: 'id' },
      ],
    });
    const err = await failureOf(newSync({ configuration }));
    expect(err.code).toBe('input_invalid');
    expect(Object.keys(err.fields ?? {})).toEqual(
      expect.arrayContaining([
        'configuration.matchKey.from',
        'configuration.matchKey.to',
        'configuration.mappings',
        'configuration.mappings.0.from',
        'configuration.mappings.1.template',
        'configuration.mappings.1.to',
        'configuration.mappings.2.to',
        'configuration.mappings.3.to',
      ]),
    );
    expect((await listSyncs(ctx, viewer)).length).toBe(before);
  });

  it('refuses objects, schedules and slugs that cannot be', async () => {
    const object = await failureOf(newSync({ configuration: upsert({ object: 'public.gone' }) }));
    expect(object).toMatchObject({
      code: 'destination_object_missing',
      fields: { 'configuration.object': expect.any(String) },
    });
    const never = { type: 'cron', schedule: { expression: '0 0 30 2 *', timezone: 'UTC' } } as const;
    const schedule = await failureOf(newSync({ schedule: never }));
    expect(schedule).toMatchObject({ code: 'schedule_invalid', fields: { schedule: expect.any(String) } });
    await newSync({ slug: 'mine' });
    expect((await failureOf(newSync({ slug: 'mine' }))).code).toBe('slug_taken');
  });

  it('takes every column for used where templates may use any', async () => {
    const configuration = SyncConfiguration.parse({
      object: 'request',
      mode: 'trigger',
      triggers: ['added'],
      options: { added: { method: 'POST', url: '/users' } },
    });
    const sync = await newSync({ destinationId: hook, configuration });
    expect(sync.referencedColumns).toEqual(['*']);
    const wrong = { ...configuration, triggers: ['added', 'removed'] as ('added' | 'removed')[] };
    const err = await failureOf(newSync({ destinationId: hook, configuration: wrong }));
    expect(Object.keys(err.fields ?? {})).toEqual(['configuration.options.removed']);
  });

  it('reads the columns of a model that were not known yet', async () => {
    const model = await newModel('Unread', true);
    expect(model.columns).toEqual([]);
    await newSync({ modelId: model.id });
    expect((await getModel(ctx, viewer, model)).columns).toHaveLength(4);
  });

  it('is for editors, and for tokens without limits', async () => {
    expect((await failureOf(newSync({}, viewer))).code).toBe('forbidden');
    const identity = { kind: 'token', tokenId: 1, name: 'CI', syncIds: [1] } as const;
    const token = { ...editor, identity, permissions: permissionsOfScope('write') };
    expect((await failureOf(newSync({}, token))).code).toBe('forbidden');
  });
});

describe('reading', () => {
  it('shows the newest run of each sync', async () => {
    const sync = await newSync();
    const run = { workspaceId: editor.workspaceId, syncId: sync.id, trigger: 'manual', triggeredBy: 'Ana' };
    await ctx.db.run.create({ data: { ...run, status: 'success' } });
    const newest = await ctx.db.run.create({ data: { ...run, status: 'warning' } });
    const listed = (await listSyncs(ctx, viewer)).find(({ id }) => id === sync.id);
    expect(listed?.lastRun).toMatchObject({ id: newest.id, status: 'warning' });
    expect(await getSync(ctx, viewer, sync)).toEqual(listed);
  });

  it('shows a limited token its own syncs only', async () => {
    const [mine, other] = [await newSync(), await newSync()];
    const identity = { kind: 'token', tokenId: 1, name: 'CI', syncIds: [mine.id] } as const;
    const token = { ...editor, identity, permissions: permissionsOfScope('write') };
    expect((await listSyncs(ctx, token)).map(({ id }) => id)).toEqual([mine.id]);
    expect((await failureOf(getSync(ctx, token, other))).code).toBe('not_found');
    expect((await failureOf(removeSync(ctx, token, other))).code).toBe('not_found');
    const update = updateSync(ctx, token, { id: other.id, disabled: true }, options());
    expect((await failureOf(update)).code).toBe('not_found');
  });
});

describe('updating', () => {
  it('counts a new schedule from now, and keeps an old one as it is', async () => {
    const sync = await newSync({ schedule: hourly });
    const same = await updateSync(ctx, editor, { id: sync.id, schedule: hourly }, options());
    expect(same.nextRunAt).toEqual(sync.nextRunAt);
    const daily = { type: 'cron', schedule: { expression: '0 6 * * *', timezone: 'Europe/Zurich' } } as const;
    const changed = await updateSync(ctx, editor, { id: sync.id, schedule: daily }, options());
    expect(changed.schedule).toEqual(daily);
    expect(changed.nextRunAt?.getUTCHours()).toBeOneOf([4, 5]);
    const manual = await updateSync(ctx, editor, { id: sync.id, schedule: null }, options());
    expect(manual).toMatchObject({ schedule: null, nextRunAt: null });
  });

  it('stops the schedule while disabled', async () => {
    const sync = await newSync({ schedule: hourly });
    const off = await updateSync(ctx, editor, { id: sync.id, disabled: true }, options());
    expect(off).toMatchObject({ status: 'disabled', nextRunAt: null, schedule: hourly });
    const on = await updateSync(ctx, editor, { id: sync.id, disabled: false }, options());
    expect(on.status).toBe('pending');
    expect(on.nextRunAt?.getTime()).toBeGreaterThan(Date.now());
  });

  it('checks a new configuration and computes its columns', async () => {
    const sync = await newSync();
    const wrong = upsert({ mappings: [{ type: 'static', value: 1, to: 'nothing' }] });
    const err = await failureOf(updateSync(ctx, editor, { id: sync.id, configuration: wrong }, options()));
    expect(err.fields).toHaveProperty(['configuration.mappings.0.to']);
    const mappings: SyncConfigurationInput['mappings'] = [
      { type: 'template', template: 'Hi {{ row.full_name }}', to: 'fullName' },
      { type: 'column', from: 'plan', to: 'plan' },
    ];
    const right = upsert({ mappings });
    const changed = await updateSync(ctx, editor, { id: sync.id, configuration: right }, options());
    expect(changed.referencedColumns).toEqual(['email', 'full_name', 'plan']);
    const { items } = await listAudit(ctx, admin, { action: 'sync.update', limit: 1 });
    expect(Object.keys(items[0]?.changes ?? {})).toEqual(['configuration.mappings']);
  });

  it('sends all rows again once they go somewhere else', async () => {
    const sync = await newSync();
    await ctx.db.sync.update({ where: { id: sync.id }, data: { ledgerKey: 'ledgers/1', ledgerRows: 3 } });
    const renamed = upsert({ guards: { changedRowsMax: 10 } });
    await updateSync(ctx, editor, { id: sync.id, configuration: renamed }, options());
    expect((await storedSync(sync.id)).pendingResync).toBe('none');
    const moved = upsert({
      object: 'public.leads',
      mappings: [{ type: 'column', from: 'plan', to: 'plan' }],
    });
    await updateSync(ctx, editor, { id: sync.id, configuration: moved }, options());
    expect((await storedSync(sync.id)).pendingResync).toBe('full');
  });

  it('refuses a slug that is taken, and writes nothing when nothing changes', async () => {
    const [one, two] = [await newSync(), await newSync()];
    const err = await failureOf(updateSync(ctx, editor, { id: one.id, slug: two.slug }, options()));
    expect(err.code).toBe('slug_taken');
    const { updatedAt } = await storedSync(two.id);
    await updateSync(ctx, editor, { id: two.id, configuration: two.configuration }, options());
    expect((await storedSync(two.id)).updatedAt).toEqual(updatedAt);
  });
});

describe('removing', () => {
  it('takes the runs along and has the files removed', async () => {
    const { id } = await newSync();
    const { workspaceId } = editor;
    await ctx.db.run.create({ data: { workspaceId, syncId: id, trigger: 'manual', triggeredBy: 'Ana' } });
    await removeSync(ctx, editor, { id });
    expect(await ctx.db.run.count({ where: { syncId: id } })).toBe(0);
    expect((await failureOf(removeSync(ctx, editor, { id }))).code).toBe('not_found');
    const { items } = await listAudit(ctx, admin, { action: 'sync.remove', limit: 1 });
    expect(items[0]?.subjectId).toBe(id);
  });

  it('is what frees a destination', async () => {
    const destination = { name: 'Free', type: 'postgresql', configuration: target.configuration };
    const { id } = await createDestination(ctx, editor, destination);
    const sync = await newSync({ destinationId: id, slug: 'to-free' });
    const err = await failureOf(removeDestination(ctx, editor, { id }));
    expect(err).toMatchObject({ code: 'in_use', message: expect.stringContaining('"to-free"') });
    await removeSync(ctx, editor, sync);
    await removeDestination(ctx, editor, { id });
  });
});

describe('the destination', () => {
  it('lists what can be written, and how', async () => {
    const objects = await listObjects(ctx, viewer, { id: contacts }, options());
    expect(objects.map(({ id }) => id)).toContain('public.contacts');
    const object = await getObject(ctx, viewer, { id: contacts, object: 'public.contacts' }, options());
    expect(object.modes).toContain('upsert');
    expect(object.fields.find(({ name }) => name === 'email')).toMatchObject({
      matchable: true,
      required: true,
    });
  });

  it('suggests mappings by name, never to read-only fields', async () => {
    const input = { modelId, destinationId: contacts, object: 'public.contacts' };
    expect(await suggestMappings(ctx, editor, input, options())).toEqual([
      { from: 'email', to: 'email', reason: 'exact' },
      { from: 'full_name', to: 'fullName', reason: 'similar' },
      { from: 'plan', to: 'plan', reason: 'exact' },
    ]);
  });
});

describe('another workspace', () => {
  it('finds nothing of this one, nested ids included', async () => {
    const sync = await newSync();
    const { id } = sync;
    const own = { type: 'postgresql', configuration: target.configuration };
    const { id: theirDestination } = await createDestination(ctx, stranger, { name: 'Own', ...own });
    const nested = { modelId, destinationId: contacts, object: 'public.contacts' };
    const attempts = [
      () => getSync(ctx, stranger, { id }),
      () => updateSync(ctx, stranger, { id, disabled: true }, options()),
      () => removeSync(ctx, stranger, { id }),
      () => newSync({}, stranger),
      () => newSync({ destinationId: theirDestination }, stranger),
      () => suggestMappings(ctx, stranger, nested, options()),
      () => listObjects(ctx, stranger, { id: contacts }, options()),
      () => getObject(ctx, stranger, { id: contacts, object: 'public.contacts' }, options()),
    ];
    for (const attempt of attempts) expect((await failureOf(attempt())).code).toBe('not_found');
    expect(await listSyncs(ctx, stranger)).toEqual([]);
    expect(await getSync(ctx, editor, { id })).toEqual(sync);
  });
});
