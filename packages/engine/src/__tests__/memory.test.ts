import type { Delivery, DestinationRecord, RecordResult } from '@sluice/connectors/kit/destination';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Killed, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'name']);
  world.batchRowsMax = 2;
  world.concurrency = 1;
  world.rows = [1, 2, 3, 4].map((id) => ({ id: String(id), name: `n${id}` }));
});
afterEach(() => world.close());

/** A destination whose jobs work on when nobody looks: the memory says which job has the rows. */
function useJobs(): { begun: string[]; asked: string[] } {
  const seen = { begun: [] as string[], asked: [] as string[] };
  const inner = world.destination();
  world.connect = () => ({
    ...inner,
    writer: async (configuration, variables) => ({
      ...(await inner.writer(configuration, variables)),
      async deliver(batch: readonly DestinationRecord[], { admit, memory }: Delivery) {
        await admit();
        const known = memory?.read() ?? null;
        if (known !== null) seen.asked.push(known);
        else {
          await memory?.keep(`job ${batch[0]?.seq}`);
          seen.begun.push(`job ${batch[0]?.seq}`);
          await world.call('job:works');
        }
        for (const record of batch) world.table.set(String(record.matchValue), { ...record.fields } as never);
        return { results: batch.map((): RecordResult => ({ status: 'delivered' })), exchanges: [] };
      },
    }),
  });
  return seen;
}

test('a worker that takes a run over is given what the destination kept, and sends nothing twice', async () => {
  const seen = useJobs();
  const run = world.begin();
  let dead = false;
  world.gate = (name) => {
    dead ||= name === 'job:works' && seen.begun.length === 2;
    if (dead) throw new Killed();
  };
  await expect(run.attempt()).rejects.toThrow(Killed);
  world.gate = () => undefined;
  await run.attempt();
  expect(run.ended).toMatchObject({ status: 'success', counts: { delivered: { added: 4 } } });
  expect(seen).toEqual({ begun: ['job 1', 'job 3'], asked: ['job 3'] });
});

test('what was kept is forgotten with the batch: the next run begins anew', async () => {
  const seen = useJobs();
  await world.run();
  world.rows = world.rows.map((row) => ({ ...row, name: 'changed' }));
  expect((await world.run()).status).toBe('success');
  expect(seen.asked).toEqual([]);
  expect(seen.begun).toHaveLength(4);
});
