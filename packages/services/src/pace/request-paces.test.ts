import type { WriterLimits } from '@sluice/connectors/kit/destination';
import type { Database } from '@sluice/db/client';
import { until } from '@sluice/testing/until';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDestination } from '../destination/create-destination.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { createRequestPaces, type RequestPaces } from './create-request-paces.ts';
import type { PacedDestination } from './reserve-requests.ts';

let ctx: TestContext;
let destination: PacedDestination;
const opened: RequestPaces[] = [];
const { signal } = new AbortController();
let actor: Awaited<ReturnType<typeof createTestMember>>['actor'];

beforeAll(async () => {
  ctx = await openTestContext({ LEASE_MS: '1000', DATABASE_POOL_MAX: '10' });
  ({ actor } = await createTestMember(ctx, 'acme', 'admin'));
});
afterAll(() => ctx.close());
let count = 0;
beforeEach(async () => {
  count += 1;
  const { id } = await createDestination(ctx, actor, {
    name: `API ${count}`,
    type: 'http-request',
    configuration: { baseUrl: 'http://127.0.0.1:9', headers: [] },
  });
  destination = { id, workspaceId: actor.workspaceId };
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((paces) => paces.close()));
});

/** The limits as one more worker keeps them. */
function worker(db: Database = ctx.db) {
  const paces = createRequestPaces({ ...ctx, db });
  opened.push(paces);
  return paces;
}
const limits = (given: Partial<WriterLimits>): WriterLimits => ({
  batchRowsMax: 1,
  concurrency: 8,
  requests: [],
  ...given,
});

test('two workers together use most of a rate, and never more than it in any second', async () => {
  const rate = 20;
  const seconds = 3;
  const starts: number[] = [];
  const began = performance.now();
  const send = async (paces: RequestPaces) => {
    const gate = paces.of(destination).open(limits({ requests: [{ count: rate, perMs: 1_000 }] }));
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        while (performance.now() - began < seconds * 1_000) {
          await gate.admit(signal);
          starts.push(performance.now());
        }
      }),
    );
    gate.close();
  };
  const shares = [worker(), worker()].map(async (paces) => {
    const before = starts.length;
    await send(paces);
    return starts.length - before;
  });
  await Promise.all(shares);
  const within = starts.filter((at) => at - began < seconds * 1_000);
  expect(within.length).toBeGreaterThanOrEqual(0.8 * rate * seconds);
  const busiest = Math.max(
    ...starts.map((from) => starts.filter((at) => at >= from && at < from + 999).length),
  );
  // A portion (a fifth of a second) may come late and close to the next one.
  expect(busiest).toBeLessThanOrEqual(rate + rate / 5);
}, 20_000);

test('without limits of ours nothing is asked of the database for a request', async () => {
  let asked = 0;
  const counting = new Proxy(ctx.db, {
    get(target, name) {
      asked += 1;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const gate = worker(counting).of(destination).open(limits({}));
  await gate.admit(signal);
  const once = asked;
  expect(once).toBeLessThanOrEqual(1);
  for (let index = 0; index < 100; index += 1) {
    const leave = await gate.enter(signal);
    await gate.admit(signal);
    leave();
  }
  expect(asked).toBe(once);
});

test('a pause that one worker was asked for holds for all, also for one that comes later', async () => {
  const [one, two] = [worker().of(destination).open(limits({})), worker().of(destination).open(limits({}))];
  await Promise.all([one.admit(signal), two.admit(signal)]);
  const began = performance.now();
  one.pause(700);
  await until('the pause to be known', async () =>
    ctx.db.destinationPace.findFirst({ where: { destinationId: destination.id } }),
  );
  const three = worker().of(destination).open(limits({}));
  // The notice takes a moment on its way.
  await until('the other worker to hear of it', async () => {
    const stop = AbortSignal.timeout(30);
    return two.admit(stop).then(
      () => false,
      () => true,
    );
  });
  await Promise.all([one.admit(signal), two.admit(signal), three.admit(signal)]);
  expect(performance.now() - began).toBeGreaterThanOrEqual(690);
});

test('a stop ends the wait for a pause, a turn and a place', async () => {
  const tight = limits({ requests: [{ count: 0.1, perMs: 1_000 }], sharedConcurrency: 1 });
  const gate = worker().of(destination).open(tight);
  await gate.admit(signal);
  await gate.enter(signal);
  const stop = new AbortController();
  const waits = [gate.admit(stop.signal), gate.enter(stop.signal)];
  setTimeout(() => stop.abort('cancelled'), 20);
  for (const wait of waits) await expect(wait).rejects.toBe('cancelled');
});

test('requests at once hold over workers, go to both, and those of a dead one are free after its lease', async () => {
  const shared = limits({ sharedConcurrency: 4 });
  let open = 0;
  let most = 0;
  const done = [0, 0];
  let going = true;
  const work = [worker(), worker()].map((paces, index) =>
    Promise.all(
      Array.from({ length: 8 }, async () => {
        const gate = paces.of(destination).open(shared);
        while (going) {
          const leave = await gate.enter(signal);
          open += 1;
          most = Math.max(most, open);
          await new Promise((resolve) => setTimeout(resolve, 5));
          open -= 1;
          done[index] = (done[index] ?? 0) + 1;
          leave();
        }
        gate.close();
      }),
    ),
  );
  await until('both to have worked', () => done.every((calls) => calls > 50));
  going = false;
  await Promise.all(work);
  expect(most).toBeLessThanOrEqual(4);
  expect(most).toBeGreaterThan(1);
  await Promise.all(opened.splice(0).map((paces) => paces.close()));

  // It dies with all places in its hands: nothing is given back.
  await ctx.db.destinationPlaces.update({
    where: { destinationId_atOnce: { destinationId: destination.id, atOnce: 4 } },
    data: { holders: { dead: { held: 4, wanted: 4, since: Date.now(), until: Date.now() + 1_000 } } },
  });
  const began = performance.now();
  await worker().of(destination).open(shared).enter(signal);
  expect(performance.now() - began).toBeGreaterThan(500);
  expect(performance.now() - began).toBeLessThan(5_000);
}, 20_000);
