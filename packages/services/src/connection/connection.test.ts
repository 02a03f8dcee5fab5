import type { Actor } from '@sluice/domain/actor';
import { secretSet } from '@sluice/domain/field';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '../audit/list-audit.ts';
import { checkDestination } from '../destination/check-destination.ts';
import { createDestination } from '../destination/create-destination.ts';
import { destinationKind } from '../destination/destination-kind.ts';
import { getDestination } from '../destination/get-destination.ts';
import { listDestinations } from '../destination/list-destinations.ts';
import { removeDestination } from '../destination/remove-destination.ts';
import { updateDestination } from '../destination/update-destination.ts';
import { createModel } from '../model/create-model.ts';
import { checkSource } from '../source/check-source.ts';
import { createSource } from '../source/create-source.ts';
import { getSource } from '../source/get-source.ts';
import { listSources } from '../source/list-sources.ts';
import { readSchema } from '../source/read-schema.ts';
import { removeSource } from '../source/remove-source.ts';
import { sourceKind } from '../source/source-kind.ts';
import { updateSource } from '../source/update-source.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { startTargetPostgres, type TargetPostgres } from '../testing/start-target-postgres.ts';
import { getConnectionRow } from './get-connection-row.ts';
import { openConfiguration } from './open-configuration.ts';

let target: TargetPostgres;
let ctx: TestContext;
let editor: Actor;
let viewer: Actor;
let stranger: Actor;
let admin: Actor;

const options = () => ({ signal: AbortSignal.timeout(20_000) });

beforeAll(async () => {
  target = await startTargetPostgres();
  await target.run('create table public.people (id int primary key, email text)');
  ctx = await openTestContext({ EGRESS_ALLOW: target.hostPort });
  ({ actor: admin } = await createTestMember(ctx, 'acme', 'admin'));
  ({ actor: editor } = await createTestMember(ctx, 'acme', 'editor'));
  ({ actor: viewer } = await createTestMember(ctx, 'acme', 'viewer'));
  ({ actor: stranger } = await createTestMember(ctx, 'other', 'admin'));
});
afterAll(async () => {
  await ctx.close();
  await target.stop();
});

const newSource = (name: string, slug?: string) =>
  createSource(ctx, editor, { name, slug, type: 'postgresql', configuration: target.configuration });

const openedSource = async (id: number) =>
  openConfiguration(ctx, sourceKind, await getConnectionRow(ctx.db, sourceKind, editor.workspaceId, id));

describe('creating', () => {
  it('stores the secret sealed, shows that it is set, and audits without it', async () => {
    const source = await newSource('Warehouse');
    expect(source).toMatchObject({ slug: 'warehouse', type: 'postgresql', models: [], lastCheck: null });
    expect(source.configuration.password).toBe(secretSet);

    const stored = await ctx.db.source.findUniqueOrThrow({ where: { id: source.id } });
    expect(stored.secrets).toMatch(/^v1\./);
    const { items } = await listAudit(ctx, admin, { action: 'source', limit: 10 });
    expect(items[0]).toMatchObject({
      action: 'source.create',
      subjectId: source.id,
      actor: 'editor of acme',
    });
    const everything = JSON.stringify([stored, items, source, ctx.logged]);
    expect(everything).not.toContain(target.password);
    expect(await openedSource(source.id)).toEqual({
      ...target.configuration,
      planner: 'local',
      tunnel: false,
    });
  });

  it('makes slugs from names, each free, and refuses a taken one that was asked for', async () => {
    expect((await newSource('Mein Büro!')).slug).toBe('mein-buro');
    expect((await newSource('Mein Büro?')).slug).toBe('mein-buro-2');
    expect((await newSource('Other', 'mein-buro-3')).slug).toBe('mein-buro-3');
    expect((await newSource('Mein Büro')).slug).toBe('mein-buro-4');
    const err = await failureOf(newSource('Other', 'mein-buro'));
    expect(err).toMatchObject({ code: 'slug_taken', fields: { slug: expect.any(String) } });
    const elsewhere = { name: 'Mein Büro', type: 'sample', configuration: {} };
    expect((await createSource(ctx, stranger, elsewhere)).slug).toBe('mein-buro');
  });

  it('gives many at once a slug each', async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => newSource('At once')));
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(4);
  });

  it('refuses unknown types and fields, and changes nothing', async () => {
    const before = await listSources(ctx, editor);
    const unknownType = { name: 'X', type: 'constructor', configuration: {} };
    expect((await failureOf(createSource(ctx, editor, unknownType))).fields).toHaveProperty('type');
    const { password: _, ...rest } = target.configuration;
    const wrong = { name: 'X', type: 'postgresql', configuration: { ...rest, host: '', hots: 'x' } };
    expect(await failureOf(createSource(ctx, editor, wrong))).toMatchObject({
      code: 'input_invalid',
      fields: { 'configuration.host': expect.any(String), 'configuration.hots': expect.any(String) },
    });
    const socket = { ...target.configuration, host: '/var/run/postgresql' };
    for (const create of [createSource, createDestination]) {
      const input = { name: 'X', type: 'postgresql', configuration: socket };
      expect((await failureOf(create(ctx, editor, input))).fields).toHaveProperty(['configuration.host']);
    }
    const credentials = { baseUrl: 'https://ana:hunter22@example.com' };
    const leaky = { name: 'X', type: 'http-request', configuration: credentials };
    const refused = await failureOf(createDestination(ctx, editor, leaky));
    expect(refused.fields).toHaveProperty(['configuration.baseUrl']);
    expect(await listSources(ctx, editor)).toEqual(before);
  });

  it('is for editors', async () => {
    const input = { name: 'X', type: 'sample', configuration: {} };
    expect((await failureOf(createSource(ctx, viewer, input))).code).toBe('forbidden');
    expect((await failureOf(createDestination(ctx, viewer, input))).code).toBe('forbidden');
    expect((await listSources(ctx, viewer)).length).toBeGreaterThan(0);
  });
});

describe('updating', () => {
  it('keeps the secret that is left out or comes back as shown', async () => {
    const { id, configuration } = await newSource('Keeps');
    await updateSource(ctx, editor, { id, configuration: { user: 'somebody' } });
    await updateSource(ctx, editor, { id, configuration: { ...configuration, database: 'other' } });
    expect(await openedSource(id)).toEqual({
      ...target.configuration,
      database: 'other',
      planner: 'local',
      tunnel: false,
    });
  });

  it('demands the secret again when the host changes', async () => {
    const { id } = await newSource('Moves');
    const err = await failureOf(
      updateSource(ctx, editor, { id, configuration: { host: 'evil.example.com' } }),
    );
    expect(err.code).toBe('input_invalid');
    expect(err.fields?.['configuration.password']).toContain('Host changed');
    expect(await openedSource(id)).toEqual({ ...target.configuration, planner: 'local', tunnel: false });
    const moved = { host: 'new.example.com', password: 'again and again' };
    await updateSource(ctx, editor, { id, configuration: moved });
    expect(await openedSource(id)).toMatchObject(moved);
  });

  it('audits which secret changed and never what it is', async () => {
    const { id } = await newSource('Audited');
    await updateSource(ctx, editor, { id, name: 'Audited 2', configuration: { password: 'canary-4711' } });
    const { items } = await listAudit(ctx, admin, { action: 'source.update', limit: 1 });
    expect(items[0]?.changes).toEqual({
      name: ['Audited', 'Audited 2'],
      'configuration.password': ['secret', 'changed'],
    });
    const rows = await ctx.db.$queryRaw<{ text: string }[]>`
      select row_to_json(s)::text as text from sources s union all select row_to_json(a)::text from audit_entries a`;
    expect(JSON.stringify(rows)).not.toContain('canary-4711');
  });

  it('refuses to overwrite what somebody else changed since', async () => {
    const { id, updatedAt } = await newSource('Shared');
    const first = await updateSource(ctx, editor, { id, name: 'Mine', updatedAt });
    const err = await failureOf(updateSource(ctx, editor, { id, name: 'Theirs', updatedAt }));
    expect(err.code).toBe('conflict');
    expect((await updateSource(ctx, editor, { id, name: 'Ours', updatedAt: first.updatedAt })).name).toBe(
      'Ours',
    );
  });

  it('writes no audit entry when nothing changes', async () => {
    const { id, name, configuration } = await newSource('Same');
    await updateSource(ctx, editor, { id, name, configuration });
    const entries = await ctx.db.auditEntry.count({ where: { subjectType: 'source', subjectId: id } });
    expect(entries).toBe(1);
  });

  it('keeps secret headers of a destination', async () => {
    const headers = [
      { name: 'Authorization', value: 'Bearer canary-0815', secret: true },
      { name: 'X-Team', value: 'growth', secret: false },
    ];
    const made = await createDestination(ctx, editor, {
      name: 'Hook',
      type: 'http-request',
      configuration: { baseUrl: 'https://example.com', headers },
    });
    expect(made.configuration.headers).toEqual([{ ...headers[0], value: secretSet }, headers[1]]);
    const shown = (made.configuration.headers as object[]).slice(0, 1);
    await updateDestination(ctx, editor, { id: made.id, configuration: { headers: shown } });
    const row = await getConnectionRow(ctx.db, destinationKind, editor.workspaceId, made.id);
    expect(await openConfiguration(ctx, destinationKind, row)).toMatchObject({ headers: [headers[0]] });
    expect(ctx.secrets.redact('Bearer canary-0815')).not.toContain('0815');
    expect(JSON.stringify(row)).not.toContain('canary-0815');
  });
});

describe('checking', () => {
  it('runs every check and keeps the outcome of what is saved', async () => {
    const { id, configuration, updatedAt } = await newSource('Checked');
    const checks = await checkSource(ctx, editor, { id, type: 'postgresql', configuration }, options());
    expect(checks.length).toBeGreaterThan(1);
    expect(checks.map(({ status }) => status)).not.toContain('failed');
    const source = await getSource(ctx, editor, { id });
    expect(source.lastCheck).toMatchObject({ ok: true, checks });
    expect(source.updatedAt).toEqual(updatedAt);
    const changed = await updateSource(ctx, editor, { id, configuration: { database: 'other' } });
    expect(changed.lastCheck).toBeNull();
  });

  it('answers a failure as a result that says what to do, for drafts too', async () => {
    const configuration = { ...target.configuration, password: 'not the password' };
    const checks = await checkSource(ctx, editor, { type: 'postgresql', configuration }, options());
    const failed = checks.find(({ status }) => status === 'failed');
    expect(failed).toMatchObject({ message: expect.any(String), fix: expect.any(String) });
    expect(JSON.stringify(checks)).not.toContain('not the password');
    expect(checks.at(-1)?.status).toBe('skipped');
  });

  it('checks a draft over the saved secret, but does not call it the outcome of what is saved', async () => {
    const { id } = await newSource('Draft');
    const draft = { id, type: 'postgresql', configuration: { database: 'nowhere' } };
    const checks = await checkSource(ctx, editor, draft, options());
    expect(checks.some(({ status }) => status === 'failed')).toBe(true);
    expect((await getSource(ctx, editor, { id })).lastCheck).toBeNull();
    const moved = { id, type: 'postgresql', configuration: { host: 'evil.example.com' } };
    const refused = await failureOf(checkSource(ctx, editor, moved, options()));
    expect(refused.fields).toHaveProperty(['configuration.password']);
  });

  it('names the address that it may not reach', async () => {
    const configuration = { ...target.configuration, port: 1 };
    const checks = await checkSource(ctx, editor, { type: 'postgresql', configuration }, options());
    expect(checks[0]).toMatchObject({ status: 'failed', message: expect.stringContaining('127.0.0.1:1') });
  });
});

describe('schema', () => {
  it('is read once, until asked anew or changed', async () => {
    const { id } = await newSource('Schema');
    const first = await readSchema(ctx, viewer, { id }, options());
    expect(first.tables.find(({ name }) => name === 'people')?.columns[0]).toMatchObject({ name: 'id' });
    expect(await readSchema(ctx, viewer, { id }, options())).toBe(first);
    const again = await readSchema(ctx, viewer, { id, refresh: true }, options());
    expect(again).not.toBe(first);
    expect(await readSchema(ctx, viewer, { id }, options())).toBe(again);
  });
});

describe('removing', () => {
  it('refuses while a model reads from the source, and names it', async () => {
    const { id } = await newSource('Used');
    const model = {
      name: 'People',
      description: '',
      sourceId: id,
      query: { queryType: 'raw_sql', sql: 'select id from people' } as const,
      primaryKey: 'id',
      tags: {},
      skipColumnQuery: true,
    };
    await createModel(ctx, editor, model, options());
    const err = await failureOf(removeSource(ctx, editor, { id }));
    expect(err.code).toBe('in_use');
    expect(err.message).toContain('the model "People"');
  });

  it('removes, once, with an audit entry', async () => {
    const { id } = await newSource('Gone');
    await removeSource(ctx, editor, { id });
    expect((await failureOf(removeSource(ctx, editor, { id }))).code).toBe('not_found');
    const { items } = await listAudit(ctx, admin, { action: 'source.remove', limit: 1 });
    expect(items[0]).toMatchObject({ subjectId: id, subjectName: 'Gone' });
  });
});

describe('another workspace', () => {
  it('finds nothing of this one', async () => {
    const source = await newSource('Private');
    const destination = await createDestination(ctx, editor, {
      name: 'Private',
      type: 'postgresql',
      configuration: target.configuration,
    });
    const { id } = source;
    const draft = { id, type: 'postgresql', configuration: {} };
    const attempts = [
      () => getSource(ctx, stranger, { id }),
      () => updateSource(ctx, stranger, { id, name: 'Stolen' }),
      () => removeSource(ctx, stranger, { id }),
      () => checkSource(ctx, stranger, draft, options()),
      () => readSchema(ctx, stranger, { id }, options()),
      () => getDestination(ctx, stranger, { id: destination.id }),
      () => updateDestination(ctx, stranger, { id: destination.id, name: 'Stolen' }),
      () => removeDestination(ctx, stranger, { id: destination.id }),
      () => checkDestination(ctx, stranger, { ...draft, id: destination.id }, options()),
    ];
    for (const attempt of attempts) expect((await failureOf(attempt())).code).toBe('not_found');
    expect((await listSources(ctx, stranger)).map(({ id: own }) => own)).not.toContain(id);
    expect(await listDestinations(ctx, stranger)).toEqual([]);
    expect(await getSource(ctx, editor, { id })).toEqual(source);
  });

  it('cannot open a secret that was moved to its row', async () => {
    const mine = await newSource('Sealed');
    const { secrets } = await ctx.db.source.findUniqueOrThrow({ where: { id: mine.id } });
    const input = { name: 'Theirs', type: 'postgresql', configuration: target.configuration };
    const theirs = await createSource(ctx, stranger, input);
    await ctx.db.source.update({ where: { id: theirs.id }, data: { secrets } });
    const row = await getConnectionRow(ctx.db, sourceKind, stranger.workspaceId, theirs.id);
    await expect(openConfiguration(ctx, sourceKind, row)).rejects.toThrow();
  });
});
