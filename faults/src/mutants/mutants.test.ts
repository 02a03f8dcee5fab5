// The protocol of the engine, lived through in one process, and nine weakened ones: a suite that does not notice each of
// them proves nothing.
import { expect, test, vi } from 'vitest';
import { long, seed } from '../env.ts';
import { type Dice, dice } from '../seed.ts';
import { live, type Round, type Stop } from './life.ts';
import { mutants } from './weaknesses.ts';

const planted = vi.hoisted(() => ({ module: undefined as string | undefined }));

vi.mock('@sluice/engine/ledger/commit-ledger', async (original) => {
  const { commitLedger } = await original<typeof import('@sluice/engine/ledger/commit-ledger')>();
  return {
    async commitLedger(...[plan, input]: Parameters<typeof commitLedger>) {
      if (planted.module !== 'commit-ledger') return commitLedger(plan, input);
      await plan.duck.run('DELETE FROM exceptions');
      return commitLedger(plan, { ...input, settled: [{ from: 1, to: plan.size }] });
    },
  };
});

vi.mock('@sluice/engine/deliver/plan-batches', async (original) => {
  const module = await original<typeof import('@sluice/engine/deliver/plan-batches')>();
  return {
    ...module,
    async *planBatches(...args: Parameters<typeof module.planBatches>) {
      for await (const batch of module.planBatches(...args)) {
        yield planted.module === 'plan-batches' ? { ...batch, doubtful: false } : batch;
      }
    },
  };
});

const calls = [
  'planned',
  'planned:after',
  'intend',
  'intend:after',
  'deliver:before',
  'deliver:after',
  'settle',
  'settle:after',
  'put',
  'put:after',
  'end',
];

function randomRound(random: Dice): Round {
  const stop = (): Stop => ({
    how: random.pick(['killed', 'asleep']),
    call: random.pick(calls),
    nth: random.between(1, 3),
  });
  return {
    edits: Array.from({ length: random.between(0, 5) }, () => ({
      id: random.between(1, 5),
      name: random.pick(['a', 'b', '', null, 'gone', 'gone']),
    })),
    verdicts: Array.from({ length: random.between(0, 8) }, () =>
      random.pick(['delivered', 'delivered', 'rejected', 'uncertain', 'applied_but_lost', 'retry'] as const),
    ),
    stops: Array.from({ length: random.between(0, 2) }, stop),
    truncated: random.chance(0.2),
  };
}

const random = dice(seed);
const lives = Array.from({ length: long ? 400 : 16 }, () =>
  Array.from({ length: random.between(2, 4) }, () => randomRound(random)),
);

test.each(mutants.map(({ history, name }) => ({ history, name })))(
  'stands where another would fall: $name',
  ({ history }) => live(history),
);

test(`stands through ${lives.length} random lives (seed ${seed})`, async () => {
  for (const history of lives) {
    await live(history).catch((error) => {
      throw new Error(`${error.message} after ${JSON.stringify(history)}`, { cause: error });
    });
  }
});

test.each(mutants)('notices a protocol that $name', async ({ history, module, ...weakness }) => {
  planted.module = module;
  try {
    await expect(live(history, weakness)).rejects.toThrow(/^the destination holds|was removed although/);
  } finally {
    planted.module = undefined;
  }
});
