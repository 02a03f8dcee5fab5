import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toJson } from '@sluice/db/json';
import type { Actor } from '@sluice/domain/actor';
import { noRunCounts } from '@sluice/domain/change';
import { openDuck } from '@sluice/engine/duck';
import { keyFilterOf } from '@sluice/engine/plan/key-filter';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServiceContext } from '../context.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { listRowHistory } from './list-row-history.ts';

let ctx: TestContext;
let actor: Actor;
let syncId: number;
/** Plans that were opened. */
let opened: string[] = [];
let watched: ServiceContext;

beforeAll(async () => {
  ctx = await openTestContext();
  ({ actor } = await createTestMember(ctx, 'acme', 'admin'));
  syncId = (await createTestSync(ctx, actor.workspaceId)).id;
  watched = {
    ...ctx,
    blobs: {
      ...ctx.blobs,
      read: (key) => {
        opened.push(key);
        return ctx.blobs.read(key);
      },
    },
  };
  await mkdir(join(ctx.settings.dataDirectory, 'work'), { recursive: true });
});
afterAll(() => ctx.close());

/** A plan of ten keys, `from` and on, and its filter. */
async function makePlan(from: number): Promise<{ path: string; filter: Uint8Array<ArrayBuffer> | null }> {
  const workDirectory = join(ctx.settings.dataDirectory, 'work');
  const path = join(workDirectory, `plan-${from}.parquet`);
  const duck = await openDuck({ workDirectory, memoryLimitMb: 128, threads: 1 });
  const metadata = {
    version: 1,
    primaryKey: { name: 'id', type: 'string', nativeType: 'text' },
    values: [],
    kept: [],
    ledgerValues: [],
    ledgerKey: null,
    ledgerRows: 0,
    carriesUnchanged: false,
    holds: true,
  };
  try {
    await duck.run(`
      COPY (
        SELECT (n + 1)::INTEGER AS seq, 'added' AS class, true AS sent, false AS held, 'k' || (${from} + n) AS key,
          NULL::BLOB AS fp, false AS known, NULL::BLOB AS old_fp, NULL::VARCHAR AS old_doubt, 0 AS bytes
        FROM range(10) r(n)
      ) TO '${path}' (FORMAT parquet, KV_METADATA {sluice: '${JSON.stringify(metadata)}'})`);
    return { path, filter: await keyFilterOf(duck, { path, size: 10 }) };
  } finally {
    duck.close();
  }
}

test('opens only plans that may hold the key, however many runs there are', { timeout: 60_000 }, async () => {
  const { workspaceId } = actor;
  const mine = await makePlan(0);
  const other = await makePlan(1_000);
  const blobKey = `plans/${workspaceId}/${syncId}/1-a.parquet`;
  await ctx.blobs.put(blobKey, mine.path);
  const run = (index: number) => {
    const isMine = index % 2_000 === 0;
    const plan = {
      blobKey: isMine ? blobKey : 'plans/none',
      columns: [],
      size: 10,
      counts: noRunCounts(),
      keyExamples: [],
    };
    return {
      workspaceId,
      syncId,
      status: 'success',
      trigger: 'manual',
      triggeredBy: 'Ana',
      plan: toJson(plan),
      keyFilter: isMine ? mine.filter : other.filter,
      finishedAt: new Date(),
    };
  };
  await ctx.db.run.createMany({ data: Array.from({ length: 6_000 }, (_, index) => run(index)) });

  const found = [];
  let pages = 0;
  for (let cursor: string | null = null; pages === 0 || cursor; pages += 1) {
    const page = await listRowHistory(watched, actor, { key: 'k3', cursor, limit: 2 });
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(found.map(({ seq, class: name, outcome }) => [seq, name, outcome])).toEqual(
    Array.from({ length: 3 }, () => [4, 'added', 'not_attempted']),
  );
  expect(opened).toEqual([blobKey, blobKey, blobKey]);
  opened = [];
  expect((await listRowHistory(watched, actor, { key: 'nobody', limit: 10 })).items).toEqual([]);
  expect(opened).toEqual([]);
});
