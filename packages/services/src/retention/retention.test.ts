import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toJson } from '@sluice/db/json';
import type { Actor } from '@sluice/domain/actor';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listRunRows } from '../run/list-run-rows.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { purgeSync } from './purge-sync.ts';
import { sweep } from './sweep.ts';

let ctx: TestContext;
let actor: Actor;
const signal = new AbortController().signal;

beforeAll(async () => {
  ctx = await openTestContext();
  ({ actor } = await createTestMember(ctx, 'acme'));
});
afterAll(() => ctx.close());
beforeEach(async () => {
  await ctx.db.sync.deleteMany({});
  for (const key of await keys()) await ctx.blobs.remove(key);
});

const day = 86_400_000;

async function put(key: string, content = key): Promise<string> {
  const path = join(ctx.settings.dataDirectory, 'file');
  await writeFile(path, content);
  await ctx.blobs.put(key, path);
  return key;
}

async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const key of ctx.blobs.list('')) found.push(key);
  return found.toSorted();
}

/** An ended run with all the traces that a real one leaves. */
async function endedRun(syncId: number, daysAgo: number, status = 'success') {
  const { workspaceId } = actor;
  const finishedAt = status === 'success' ? new Date(Date.now() - daysAgo * day) : null;
  const run = await ctx.db.run.create({
    data: { workspaceId, syncId, status, trigger: 'manual', triggeredBy: 'Ana', finishedAt },
  });
  const place = `${workspaceId}/${syncId}/${run.id}`;
  const plan = await put(`plans/${place}-a.parquet`);
  const exchanges = await put(`exchanges/${place}-1-0.ndjson.gz`);
  const ledger = await put(`ledgers/${place}-b.parquet`);
  const runId = run.id;
  await ctx.db.run.update({
    where: { id: runId },
    data: { plan: toJson({ blobKey: plan, columns: [], size: 0 }) },
  });
  await ctx.db.sync.update({ where: { id: syncId }, data: { ledgerKey: ledger } });
  await ctx.db.runBatch.create({
    data: { runId, workspaceId, seqFrom: 1, seqTo: 2, class: 'added', state: 'settled', epoch: 1 },
  });
  await ctx.db.runException.create({
    data: {
      runId,
      workspaceId,
      seq: 1,
      key: 'a',
      class: 'added',
      outcome: 'rejected',
      code: 'x',
      message: 'y',
    },
  });
  await ctx.db.runEvent.create({
    data: { runId, workspaceId, level: 'info', stage: 'plan', message: 'planned' },
  });
  return { id: runId, plan, exchanges, ledger, place };
}

const traces = async (runId: number) =>
  (await ctx.db.runBatch.count({ where: { runId } })) +
  (await ctx.db.runException.count({ where: { runId } })) +
  (await ctx.db.runEvent.count({ where: { runId } }));

describe('sweep', () => {
  test('prunes what is older than the workspace keeps it, of the newest run of a sync as well; its ledger stays', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const alone = await createTestSync(ctx, actor.workspaceId);
    const old = await endedRun(sync.id, 31);
    const recent = await endedRun(sync.id, 29);
    const newest = await endedRun(alone.id, 400);
    await sweep(ctx, signal);
    await sweep(ctx, signal);

    expect(await traces(old.id)).toBe(0);
    expect(await traces(recent.id)).toBe(3);
    expect(await traces(newest.id)).toBe(0);
    const left = await keys();
    for (const key of [old.plan, old.exchanges, newest.plan, newest.exchanges]) {
      expect(left).not.toContain(key);
    }
    expect(left).toEqual(expect.arrayContaining([recent.plan, recent.exchanges, newest.ledger]));
    const view = await ctx.db.run.findUniqueOrThrow({ where: { id: old.id } });
    expect(view.prunedAt).not.toBeNull();
    expect((await failureOf(listRunRows(ctx, actor, { runId: old.id, limit: 10 }))).code).toBe(
      'plan_missing',
    );
  });

  test('forgets with the rows what somebody corrected in them', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const { id } = await endedRun(sync.id, 90);
    const selection = {
      type: 'rows',
      runId: 1,
      rows: { which: 'failed' },
      corrections: [{ seq: 1, values: { email: 'ann@example.com' } }],
    };
    await ctx.db.run.update({
      where: { id },
      data: { kind: 'replay', selection, specification: { selection, resync: 'none' } },
    });
    await sweep(ctx, signal);
    const run = await ctx.db.run.findUniqueOrThrow({ where: { id } });
    expect(run).toMatchObject({ kind: 'replay', selection: null, specification: { resync: 'none' } });
    expect(JSON.stringify(run)).not.toContain('ann@example.com');
  });

  test('keeps the current ledger for ever, and those before it for the set time', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const idle = await createTestSync(ctx, actor.workspaceId);
    const runs = [];
    for (const days of [90, 31, 29, 5, 1]) runs.push(await endedRun(sync.id, days));
    const { ledger: ofLastYear } = await endedRun(idle.id, 400);
    await sweep(ctx, signal);
    const ledgers = (await keys()).filter((key) => key.startsWith('ledgers/'));
    const kept = runs.slice(2).map(({ ledger }) => ledger);
    expect(ledgers).toEqual([...kept, ofLastYear].toSorted());
    const { ledgerKey } = await ctx.db.sync.findUniqueOrThrow({ where: { id: idle.id } });
    expect(ledgerKey).toBe(ofLastYear);
  });

  test('keeps twenty ledgers before the current one at most', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    for (let index = 0; index < 23; index += 1) await endedRun(sync.id, 1);
    await sweep(ctx, signal);
    expect((await keys()).filter((key) => key.startsWith('ledgers/'))).toHaveLength(21);
  });

  test('keeps the files that the manifests of kept ledgers name, whatever run wrote them', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const expected: string[] = [];
    let base = '';
    let deltas: string[] = [];
    for (let index = 0; index < 9; index += 1) {
      const { ledger, place } = await endedRun(sync.id, index < 3 ? 40 : 1);
      await ctx.blobs.remove(ledger);
      if (index === 0 || index === 2) {
        base = await put(`ledgers/${place}-c.base.parquet`);
        deltas = [];
      } else deltas = [...deltas, await put(`ledgers/${place}-c.delta.parquet`)];
      const manifest = JSON.stringify({ version: 2, base, deltas });
      const ledgerKey = await put(`ledgers/${place}-c.json`, manifest);
      await ctx.db.sync.update({ where: { id: sync.id }, data: { ledgerKey } });
      // Ended without a ledger of its own, as far as the database knows.
      await put(`ledgers/${place}-lost.delta.parquet`);
      if (index >= 3) expected.push(ledgerKey);
    }
    await sweep(ctx, signal);
    expect((await keys()).filter((key) => key.startsWith('ledgers/'))).toEqual(
      [...expected, base, ...deltas].toSorted(),
    );
  });

  test('touches nothing of a ledger whose manifest cannot be read', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const { place } = await endedRun(sync.id, 1);
    const base = await put(`ledgers/${place}-c.base.parquet`);
    const ledgerKey = await put(`ledgers/${place}-c.json`, 'cut sho');
    await ctx.db.sync.update({ where: { id: sync.id }, data: { ledgerKey } });
    await sweep(ctx, signal);
    expect(await keys()).toEqual(expect.arrayContaining([base, ledgerKey]));
  });

  test('removes what attempts left behind, and nothing of a run that goes on', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const ended = await endedRun(sync.id, 1);
    const leftover = await put(`plans/${ended.place}-lost.parquet`);
    const open = await endedRun(sync.id, 0, 'processing');
    const openLedger = await put(`ledgers/${open.place}-new.parquet`);
    const openPlan = await put(`plans/${open.place}-new.parquet`);
    const gone = await put(`plans/${actor.workspaceId}/999999/999999-a.parquet`);
    const goneLedger = await put(`ledgers/${actor.workspaceId}/999999/999999-a.parquet`);
    await sweep(ctx, signal);
    const left = await keys();
    for (const key of [leftover, gone, goneLedger]) expect(left).not.toContain(key);
    expect(left).toEqual(expect.arrayContaining([ended.plan, openLedger, openPlan, open.exchanges]));
  });

  test('removes work directories of claims that ended', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const open = await endedRun(sync.id, 0, 'processing');
    await ctx.db.run.update({ where: { id: open.id }, data: { epoch: 2 } });
    const work = join(ctx.settings.dataDirectory, 'work');
    for (const name of [`${open.id}-1`, `${open.id}-2`, '999999-1', 'draft-now']) {
      await mkdir(join(work, name), { recursive: true });
    }
    await sweep(ctx, signal);
    expect((await readdir(work)).toSorted()).toEqual([`${open.id}-2`, 'draft-now']);
  });
});

test('the files of a removed sync go, those of a living one stay', async () => {
  const sync = await createTestSync(ctx, actor.workspaceId);
  const other = await createTestSync(ctx, actor.workspaceId);
  await endedRun(sync.id, 0);
  const kept = await endedRun(other.id, 0);
  const place = { workspaceId: actor.workspaceId, syncId: sync.id };
  await purgeSync(ctx, place, signal);
  expect(await keys()).toHaveLength(6);
  await ctx.db.sync.delete({ where: { id: sync.id } });
  await purgeSync(ctx, place, signal);
  await purgeSync(ctx, place, signal);
  expect(await keys()).toEqual([kept.exchanges, kept.ledger, kept.plan].toSorted());
});

describe('the blob store', () => {
  test('refuses keys that lead out of it', async () => {
    for (const key of ['../x', 'a/../../x', '/etc/passwd', 'a//b', '', 'a/.']) {
      expect((await failureOf(ctx.blobs.read(key))).code).toBe('internal');
    }
  });

  test('says by its kind what is missing', async () => {
    expect((await failureOf(ctx.blobs.read('ledgers/1/1/1-a'))).code).toBe('ledger_missing');
    expect((await failureOf(ctx.blobs.read('plans/1/1/1-a'))).code).toBe('plan_missing');
  });
});
