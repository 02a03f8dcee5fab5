import { createDestination } from '@sluice/services/destination/create-destination';
import { type BenchCase, inTurns } from '../bench-case.ts';
import { httpSync, runSync } from '../product.ts';
import { runProgram, startProgram } from '../program.ts';

const rows = 10_000;
const concurrency = 64;

/** A destination that takes 50 ms for an answer: one row a request, 64 requests at once. */
export const slowDestination: BenchCase = {
  name: 'slow-destination',
  title: 'answers in 50 ms, 1 row a request, 64 at once (10,000 rows)',
  ratioMax: 1 / 0.9,
  rowsMax: 100_000,
  async measure(place, { repeat }) {
    const receiver = await startProgram('receiver.ts', { delayMs: 50 });
    const { world } = place;
    const destination = await createDestination(world.ctx, world.actor, {
      name: 'Slow',
      type: 'http-request',
      configuration: { baseUrl: receiver.said, headers: [] },
    });
    const modelId = await world.model({
      sql: `select id, email, city from public.people where id <= ${rows}`,
    });
    const slow = {
      ...place,
      modelId,
      receiverId: destination.id,
      environment: {
        ...place.environment,
        EGRESS_ALLOW: `${place.environment.EGRESS_ALLOW},${new URL(receiver.said).host}`,
      },
    };
    try {
      const limit = () => runProgram('send-each.ts', { url: receiver.said, rows, concurrency });
      const product = async () => runSync(slow, await httpSync(slow, { batchSize: 1, concurrency }));
      return [await inTurns(repeat, limit, product)];
    } finally {
      receiver.stop();
    }
  },
};
