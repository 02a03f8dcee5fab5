import { dbtManifest, dbtRunResults } from '@sluice/testing/dbt/artifacts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { updateSync } from '../sync/update-sync.ts';
import { dumpTables } from '../testing/dump-tables.ts';
import { failureOf } from '../testing/failure-of.ts';
import {
  customersNode,
  type DbtProjectWorld,
  type DbtWorld,
  openDbtWorld,
} from '../testing/open-dbt-world.ts';
import { createDbtProject } from './create-dbt-project.ts';
import { refreshDbtProject } from './refresh-dbt-project.ts';
import { takeRunResults } from './take-run-results.ts';
import { updateDbtProject } from './update-dbt-project.ts';

let world: DbtWorld;
let project: DbtProjectWorld;

const signal = () => ({ signal: AbortSignal.timeout(60_000) });
const customers = customersNode;

beforeAll(async () => {
  world = await openDbtWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  project = await world.project();
});

describe('a project with an address', () => {
  const header = { name: 'Authorization', value: 'Bearer dbt-canary-4711' };
  const refresh = () => refreshDbtProject(world.ctx, world.actor, { id: project.id, apply: true }, signal());

  it('fetches with its header, which nobody sees again', async () => {
    const { ctx, actor, server } = world;
    server.handle(({ headers, path }) => {
      if (path !== '/manifest.json') return { status: 302, headers: { location: '/manifest.json' } };
      if (headers.authorization !== header.value) return { status: 401, body: 'no' };
      return { body: dbtManifest({ nodes: [customers], generatedAt: '2027-03-01T00:00:00Z' }) };
    });
    const url = `${server.url}/manifest.json`;
    await updateDbtProject(ctx, actor, { id: project.id, url });
    expect(await failureOf(refresh())).toMatchObject({
      code: 'input_invalid',
      message: expect.stringMatching(/answered 401/),
    });
    const view = await updateDbtProject(ctx, actor, { id: project.id, header });
    expect(view).toMatchObject({ url, headerName: 'Authorization' });
    expect((await refresh()).nodes).toBe(1);

    const everything = [...(await dumpTables(ctx)).values(), ctx.logged].flat().join('\n');
    expect(everything).not.toContain('dbt-canary-4711');
    await updateDbtProject(ctx, actor, { id: project.id, url: `${server.url}/elsewhere` });
    expect(await failureOf(refresh())).toMatchObject({ message: expect.stringMatching(/answered 302/) });
    expect(server.requests.at(-1)?.headers.authorization).toBe(header.value);
  });

  it('does not send a header that was kept to another host, or anything to a private one', async () => {
    const { ctx, actor, server, sourceId } = world;
    await updateDbtProject(ctx, actor, { id: project.id, url: `${server.url}/m`, header });
    const elsewhere = `http://localhost:${server.port}/m`;
    const moved = updateDbtProject(ctx, actor, { id: project.id, url: elsewhere });
    expect((await failureOf(moved)).code).toMatch(/^(?:input_invalid|egress_refused)$/);
    const input = { name: 'Inside', sourceId, url: 'http://10.0.0.1/manifest.json', header: null };
    expect(await failureOf(createDbtProject(ctx, actor, input))).toMatchObject({
      code: 'egress_refused',
      fields: { url: expect.any(String) },
    });
  });
});

describe('a dbt build', () => {
  const build = (spec: Parameters<typeof dbtRunResults>[0]) =>
    world.file(dbtRunResults(spec), (path) =>
      takeRunResults(world.ctx, world.actor, { id: project.id, path }),
    );
  let built: Awaited<ReturnType<DbtProjectWorld['syncOf']>>;
  let notBuilt: Awaited<ReturnType<DbtProjectWorld['syncOf']>>;
  beforeEach(async () => {
    await project.take({ nodes: [customers, { name: 'clients', rawSql: 'select 2' }] });
    built = await project.syncOf((await project.follow('customers')).id);
    notBuilt = await project.syncOf((await project.follow('clients')).id);
  });

  it('starts the syncs of what it built, once', async () => {
    const spec = {
      invocationId: `first-${project.id}`,
      results: { 'model.shop.customers': 'success', 'test.shop.unique': 'pass' },
    };
    const report = await build(spec);
    expect(report).toMatchObject({ command: 'build', built: 1, failed: [], notStarted: [] });
    expect(report.started.map(({ syncId }) => syncId)).toEqual([built.id]);
    await world.ended(report.started[0]?.runId ?? 0);
    expect(await build(spec)).toEqual(report);
    const runs = await world.ctx.db.run.count({ where: { syncId: { in: [built.id, notBuilt.id] } } });
    expect(runs).toBe(1);
  });

  it.each(['error', 'fail', 'runtime error', 'partial success', 'a word of tomorrow'])(
    'that has a %s starts nothing',
    async (status) => {
      const results = { 'model.shop.customers': 'success', 'test.shop.unique': status };
      const report = await build({ invocationId: `${status}-${project.id}`, results });
      expect(report).toMatchObject({
        started: [],
        failed: ['test.shop.unique'],
        notStarted: [{ syncId: built.id, reason: expect.stringContaining('failed') }],
      });
      expect(await world.ctx.db.run.count({ where: { syncId: built.id } })).toBe(0);
    },
  );

  it('says of a disabled sync that it was not started', async () => {
    await updateSync(world.ctx, world.actor, { id: built.id, disabled: true }, signal());
    const results = { 'model.shop.customers': 'success' };
    expect(await build({ invocationId: `off-${project.id}`, results })).toMatchObject({
      started: [],
      notStarted: [{ syncId: built.id, reason: expect.stringContaining('disabled') }],
    });
  });

  it.each(['compile', 'docs generate', 'test'])('is not what `dbt %s` leaves behind', async (command) => {
    const results = { 'model.shop.customers': 'success' };
    expect(await failureOf(build({ command, results }))).toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining(`dbt ${command}`),
    });
  });
});
