import type { Delivery, DestinationRecord, RecordResult } from '@sluice/connectors/kit/destination';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { Killed, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'name']);
  world.batchRowsMax = 2;
  world.concurrency = 1;
  world.rows = [1, 2, 3, 4].map((id) => ({ id: String(id), name: `n${id}` }));
});
afterEach(() => world.close());

interface Seen {
  readonly begun: string[];
  readonly asked: string[];
  /** Of those that were asked, the ones about which a person decides. */
  readonly asksOnly: string[];
  /** What a job that is asked says of each row; `null` when it delivered them. */
  answer: () => RecordResult | null;
  /** What is heard of a job that was begun just now. */
  first: () => RecordResult | null;
}

/** A destination whose jobs work on when nobody looks: the memory says which job has the rows. */
function useJobs(): Seen {
  const seen: Seen = { begun: [], asked: [], asksOnly: [], answer: () => null, first: () => null };
  const inner = world.destination();
  world.connect = () => ({
    ...inner,
    writer: async (configuration, variables) => ({
      ...(await inner.writer(configuration, variables)),
      async deliver(batch: readonly DestinationRecord[], { admit, memory, asksOnly = false }: Delivery) {
        await admit();
        const known = memory?.read() ?? null;
        if (known !== null) {
          seen.asked.push(known);
          if (asksOnly) seen.asksOnly.push(known);
          const result = seen.answer();
          if (result) return { results: batch.map((): RecordResult => result), exchanges: [] };
        } else {
          if (asksOnly) throw new Error('sent once more');
          await memory?.keep(`job ${batch[0]?.seq}`);
          seen.begun.push(`job ${batch[0]?.seq}`);
          await world.call('job:works');
          const result = seen.first();
          if (result) return { results: batch.map((): RecordResult => result), exchanges: [] };
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
  expect(seen).toMatchObject({ begun: ['job 1', 'job 3'], asked: ['job 3'], asksOnly: [] });
});

test('what was kept is forgotten with the batch: the next run begins anew', async () => {
  const seen = useJobs();
  await world.run();
  world.rows = world.rows.map((row) => ({ ...row, name: 'changed' }));
  expect((await world.run()).status).toBe('success');
  expect(seen.asked).toEqual([]);
  expect(seen.begun).toHaveLength(4);
});

describe('where a person decides about doubts, a job whose id was kept', () => {
  beforeEach(() => world.configure({ doubt: 'hold' }));

  /** A run whose second job begins, and the worker dies. */
  async function dieInTheSecond(seen: Seen) {
    const run = world.begin();
    let dead = false;
    world.gate = (name) => {
      dead ||= name === 'job:works' && seen.begun.length === 2;
      if (dead) throw new Killed();
    };
    await expect(run.attempt()).rejects.toThrow(Killed);
    world.gate = () => undefined;
    return run;
  }

  it('is asked by the worker that goes on, which sends nothing: no doubt is left', async () => {
    const seen = useJobs();
    const run = await dieInTheSecond(seen);
    await run.attempt();
    expect(run.ended).toMatchObject({ status: 'success', counts: { delivered: { added: 4 } } });
    expect(seen).toMatchObject({ begun: ['job 1', 'job 3'], asked: ['job 3'], asksOnly: ['job 3'] });
  });

  it('says what was refused, and nothing of it is in doubt', async () => {
    const seen = useJobs();
    const run = await dieInTheSecond(seen);
    seen.answer = () => ({ status: 'rejected', code: 'wrong', message: 'The job refused it.' });
    await run.attempt();
    expect(run.ended).toMatchObject({
      status: 'warning',
      counts: { delivered: { added: 2 }, rejected: { added: 2 }, uncertain: { added: 0 } },
    });
  });

  it('that nobody can reach leaves its rows in doubt, and they are not sent again', async () => {
    const seen = useJobs();
    const run = await dieInTheSecond(seen);
    seen.answer = () => ({ status: 'retry', code: 'unreachable', message: 'No answer.' });
    await run.attempt();
    expect(run.ended).toMatchObject({ status: 'warning', counts: { uncertain: { added: 2 } } });
    expect(seen.begun).toHaveLength(2);
    expect(seen.asked.length).toBeGreaterThan(1);
  });

  it('is asked again within the run after it could not be reached', async () => {
    const seen = useJobs();
    const lost: RecordResult = { status: 'retry', code: 'unreachable', message: 'No answer.', inDoubt: true };
    seen.first = () => (seen.begun.length === 1 ? lost : null);
    expect(await world.run()).toMatchObject({ status: 'success', counts: { delivered: { added: 4 } } });
    expect(seen).toMatchObject({ begun: ['job 1', 'job 3'], asked: ['job 1'], asksOnly: ['job 1'] });
  });
});
