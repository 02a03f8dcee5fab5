import { toJson } from '@sluice/db/json';
import type { Schedule } from '@sluice/domain/schedule';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { webhookEvents } from '@sluice/domain/webhook';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkSaved } from '../connection/check-saved.ts';
import { bindJobs } from '../jobs/bind-jobs.ts';
import { updateModel } from '../model/update-model.ts';
import { replayRun } from '../run/replay-run.ts';
import { listMissedSchedules } from '../schedule/list-missed-schedules.ts';
import { runDueSyncs } from '../scheduler/run-due-syncs.ts';
import { updateSource } from '../source/update-source.ts';
import { getSync } from '../sync/get-sync.ts';
import { updateSync } from '../sync/update-sync.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { createWebhook } from '../webhook/create-webhook.ts';
import { pauseSync } from './pause-sync.ts';
import { resumeChecked } from './resume-checked.ts';
import { resumeSync } from './resume-sync.ts';

let world: TestWorld;
const signal = () => ({ signal: AbortSignal.timeout(20_000) });
const minutely: Schedule = { type: 'interval', schedule: { interval: { unit: 'minute', quantity: 1 } } };

beforeAll(async () => {
  world = await openTestWorld();
  await world.target.run(
    'create table people (id int primary key, email text)',
    `insert into people select n, 'p' || n from generate_series(1, 20) n`,
  );
});
afterAll(() => world.close());
beforeEach(async () => {
  const { db } = world.ctx;
  await db.sync.deleteMany({});
  await db.model.deleteMany({});
  await db.webhookEndpoint.deleteMany({});
  world.server.handle(() => ({}));
});

/** A sync that its schedule runs each minute. */
async function scheduledSync(): Promise<number> {
  const modelId = await world.model({ sql: 'select id, email from people' });
  const configuration = {
    object: 'request',
    mode: 'trigger',
    triggers: ['added'],
    options: { added: { method: 'POST', url: '/people' } },
  } satisfies SyncConfigurationInput;
  const { id } = await world.sync({ modelId, to: 'http', configuration });
  await world.ctx.db.sync.update({
    where: { id },
    data: {
      schedule: toJson(minutely),
      scheduleAnchor: new Date(Date.now() - 30_000),
      nextRunAt: new Date(Date.now() + 30_000),
    },
  });
  return id;
}

const view = (id: number) => getSync(world.ctx, world.actor, { id });
const missed = (id: number) => listMissedSchedules(world.ctx, world.actor, { id });
const stored = (id: number) => world.ctx.db.sync.findUniqueOrThrow({ where: { id } });
const events = async () =>
  (await world.ctx.db.webhookDelivery.findMany({ orderBy: { id: 'asc' } })).map(({ event }) => event);
const audits = async (id: number) =>
  (
    await world.ctx.db.auditEntry.findMany({
      where: { subjectType: 'sync', subjectId: id, action: { in: ['sync.pause', 'sync.resume'] } },
      orderBy: { id: 'asc' },
    })
  ).map(({ action, actorKind }) => `${action} by ${actorKind}`);
const hear = () =>
  createWebhook(world.ctx, world.actor, {
    name: 'Pager',
    url: world.server.url,
    events: webhookEvents.filter((event) => !event.startsWith('run.')),
  });
/** Lets the schedule of the sync come due now. */
async function tick(id: number): Promise<void> {
  await world.ctx.db.sync.update({ where: { id }, data: { nextRunAt: new Date(Date.now() - 100) } });
  await runDueSyncs(world.ctx);
}
const password = (value: string) =>
  updateSource(world.ctx, world.actor, {
    id: world.sourceId,
    configuration: { ...world.target.configuration, password: value },
  });

/** Has the schedule wait, as after a failed run. */
const wait = (id: number, waitsFor: string) =>
  world.ctx.db.sync.update({
    where: { id },
    data: {
      failures: 3,
      pausedUntil: null,
      pause: toJson({
        kind: 'waits',
        waitsFor,
        message: 'why',
        fix: 'what',
        code: 'run_guard',
        runId: null,
        since: new Date().toISOString(),
      }),
    },
  });

test('refused credentials pause the schedule at once; it goes on when the corrected ones pass their check', async () => {
  await hear();
  const id = await scheduledSync();
  await password('not the password');
  const run = await world.run(id);
  expect(run.error?.code).toBe('source_auth');
  expect((await view(id)).pause).toMatchObject({
    kind: 'waits',
    waitsFor: 'source',
    code: 'source_auth',
    runId: run.id,
    until: null,
  });
  await tick(id);
  await tick(id);
  expect(await world.ctx.db.run.count({ where: { syncId: id } })).toBe(1);

  // Still wrong: the check fails, and nothing goes on.
  const check = {
    workspaceId: world.actor.workspaceId,
    noun: 'source',
    connectionId: world.sourceId,
  } as const;
  await checkSaved(world.ctx, check, signal());
  expect((await view(id)).pause).not.toBeNull();

  await password(world.target.password);
  await checkSaved(world.ctx, check, signal());
  expect((await view(id)).pause).toBeNull();
  await runDueSyncs(world.ctx);
  const [catchUp] = await world.ctx.db.run.findMany({ where: { syncId: id }, orderBy: { id: 'desc' } });
  expect(catchUp?.id).not.toBe(run.id);
  expect((await world.ended(catchUp?.id ?? 0)).status).toBe('success');
  expect(await missed(id)).toMatchObject([{ reason: 'paused', times: 2, runId: catchUp?.id }]);
  expect(await events()).toEqual(['sync.paused', 'schedule.missed', 'sync.resumed']);
  expect(await audits(id)).toEqual(['sync.pause by system', 'sync.resume by system']);
});

test('changed credentials are checked without anybody asking', async () => {
  const id = await scheduledSync();
  await password('not the password');
  await world.run(id);
  await password(world.target.password);
  const { environment, log } = world.ctx;
  const idle = async () => {};
  const jobs = bindJobs(
    { databaseUrl: environment.DATABASE_URL, redisUrl: undefined, log, concurrency: 1 },
    {
      'run.execute': idle,
      'sync.purge': idle,
      'source.tidy': idle,
      'webhook.send': idle,
      'retention.sweep': idle,
      'connection.check': (payload, options) => checkSaved(world.ctx, payload, options),
    },
  );
  await until('the schedule to go on', async () => {
    await resumeChecked(world.ctx);
    return (await view(id)).pause === null;
  });
  await jobs.close();
});

test('a destination that is down is left alone for longer and longer, and tried again by itself', async () => {
  await hear();
  const id = await scheduledSync();
  world.server.handle(() => ({ status: 503 }));
  const first = await world.run(id);
  expect(first.error?.code).toBe('destination_failed');
  const waits: number[] = [];
  for (let failures = 1; failures <= 3; failures += 1) {
    const { pause } = await view(id);
    expect(pause).toMatchObject({ kind: 'back_off', waitsFor: null });
    const newest = await world.ctx.db.run.findFirstOrThrow({
      where: { syncId: id },
      orderBy: { id: 'desc' },
    });
    waits.push(Math.round(((pause?.until?.getTime() ?? 0) - (newest.finishedAt?.getTime() ?? 0)) / 60_000));
    await world.run(id);
  }
  expect(waits).toEqual([1, 2, 4]);
  world.server.handle(() => ({}));
  const past = new Date(Date.now() - 100);
  await world.ctx.db.sync.update({ where: { id }, data: { pausedUntil: past } });
  await tick(id);
  await until('the run of the schedule', async () => (await stored(id)).status === 'success');
  expect(await stored(id)).toMatchObject({ failures: 0, pause: null, pausedUntil: null });
  expect(await events()).toEqual(['sync.paused', 'sync.resumed']);
});

test('a person pauses a schedule and resumes it, and may leave out what was missed', async () => {
  const id = await scheduledSync();
  expect((await pauseSync(world.ctx, world.actor, { id })).pause).toMatchObject({ kind: 'person' });
  await tick(id);
  // What a person paused is not resumed by a run that went well.
  expect((await world.run(id)).status).toBe('success');
  expect((await view(id)).pause).toMatchObject({ kind: 'person' });
  const resumed = await resumeSync(world.ctx, world.actor, { id, catchUp: false });
  expect(resumed.pause).toBeNull();
  expect(resumed.nextRunAt?.getTime()).toBeGreaterThan(Date.now());
  expect(await missed(id)).toMatchObject([{ reason: 'paused', times: 1, endedAt: expect.any(Date) }]);
  expect(await audits(id)).toEqual(['sync.pause by user', 'sync.resume by user']);
  expect((await failureOf(pauseSync(world.ctx, world.actor, { id: 999_999 }))).code).toBe('not_found');
});

test('a schedule that waits for its model, for a decision or for the sync goes on when that changes', async () => {
  const id = await scheduledSync();
  const { configuration, modelId } = await view(id);
  await wait(id, 'model');
  const query = { queryType: 'raw_sql', sql: 'select id, email from people where id > 0' } as const;
  await updateModel(world.ctx, world.actor, { id: modelId, query, acceptFullResync: false }, signal());
  expect(await view(id)).toMatchObject({ pause: null, failures: 0 });

  await wait(id, 'decision');
  const guards = { ...configuration.guards, removedShareMax: 0.9 };
  const changed = { id, configuration: { ...configuration, guards } };
  expect((await updateSync(world.ctx, world.actor, changed, signal())).pause).toBeNull();

  // Another name changes nothing about the reason.
  await wait(id, 'sync');
  expect((await updateSync(world.ctx, world.actor, { id, slug: 'renamed' }, signal())).pause).not.toBeNull();
  await updateSync(world.ctx, world.actor, { id, disabled: true }, signal());
  expect((await updateSync(world.ctx, world.actor, { id, disabled: false }, signal())).pause).toBeNull();

  await wait(id, 'sync');
  expect((await updateSync(world.ctx, world.actor, { id, schedule: null }, signal())).pause).toBeNull();
});

test('rows that somebody sends again say nothing about the schedule', async () => {
  const id = await scheduledSync();
  world.server.handle(() => ({ status: 422 }));
  const { id: runId } = await world.run(id);
  world.server.handle(() => ({}));
  await wait(id, 'model');
  const rows = { which: 'failed' } as const;
  const replay = await replayRun(world.ctx, world.actor, {
    runId,
    rows,
    corrections: [],
    ignoreGuards: false,
  });
  expect((await world.ended(replay.id)).status).toBe('success');
  expect(await view(id)).toMatchObject({ failures: 3, pause: { kind: 'waits', waitsFor: 'model' } });
});

test('a guard asks a person; a run that is allowed once answers it', async () => {
  await world.target.run(
    'create table crowd (id int primary key)',
    'insert into crowd select generate_series(1, 400)',
    'create table crowd_copy (id int primary key)',
  );
  const modelId = await world.model({ sql: 'select id from crowd' });
  const { id } = await world.sync({
    modelId,
    to: 'postgresql',
    configuration: { object: 'public.crowd_copy', mode: 'mirror', matchKey: { from: 'id', to: 'id' } },
  });
  await world.ctx.db.sync.update({
    where: { id },
    data: { schedule: toJson(minutely), nextRunAt: new Date(Date.now() + 30_000) },
  });
  expect((await world.run(id)).status).toBe('success');
  await world.target.run('delete from crowd where id > 100');
  const stopped = await world.run(id);
  expect(stopped.error?.code).toBe('run_guard');
  expect((await view(id)).pause).toMatchObject({ kind: 'waits', waitsFor: 'decision', runId: stopped.id });
  await tick(id);
  expect(await world.ctx.db.run.count({ where: { syncId: id } })).toBe(2);
  expect((await world.run(id, { ignoreGuards: true })).counts.delivered.removed).toBe(300);
  expect(await view(id)).toMatchObject({ pause: null, failures: 0 });
  expect(await missed(id)).toMatchObject([{ reason: 'paused', endedAt: expect.any(Date) }]);
});
