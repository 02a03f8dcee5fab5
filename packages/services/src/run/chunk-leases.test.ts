import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestResources } from '../testing/create-test-resources.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { createChunkLeases } from './chunk-leases.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await openTestContext();
});
afterAll(() => ctx.close());

/** A chunk that this worker has claimed, whose lease ends at `until`. */
async function claimed(number: number, until: Date) {
  const { actor } = await createTestMember(ctx, `acme-${number}`, 'admin');
  const { runId } = await createTestResources(ctx, actor.workspaceId, `mark${number}`);
  await ctx.db.run.update({ where: { id: runId }, data: { status: 'processing', finishedAt: null } });
  await ctx.db.runChunk.create({
    data: {
      ...{ workspaceId: actor.workspaceId, runId, number, class: 'added', seqFrom: 1, seqTo: 10 },
      ...{ state: 'claimed', epoch: 1, leaseUntil: until },
    },
  });
  const leaseUntil = async () =>
    (await ctx.db.runChunk.findFirstOrThrow({ where: { runId, number } })).leaseUntil;
  return { hold: { id: runId, chunk: number, epoch: 1 }, leaseUntil };
}

test('extends the lease of a chunk that is being delivered', async () => {
  const until = new Date(Date.now() + 1_000);
  const { hold, leaseUntil } = await claimed(1, until);
  const leases = createChunkLeases(ctx);
  const held = leases.hold(hold, performance.now());
  await leases.renew();
  expect(held.holds()).toBe(true);
  expect((await leaseUntil())?.getTime()).toBeGreaterThan(until.getTime());
});

test('lets a lease run out that was lost here, so that the chunk is taken again', async () => {
  const until = new Date(Date.now() + 1_000);
  const { hold, leaseUntil } = await claimed(2, until);
  const leases = createChunkLeases(ctx);
  // Claimed longer ago than a lease lasts, and nobody has taken it meanwhile.
  const held = leases.hold(hold, performance.now() - 2 * ctx.settings.leaseMs);
  expect(held.holds()).toBe(false);
  await leases.renew();
  await leases.renew();
  expect(held.signal.reason).toBe('lost');
  expect(await leaseUntil()).toEqual(until);
});
