import { countsAddUp } from '@sluice/domain/change';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pause } from '../deliver/pause.ts';
import type { RunStore } from '../ports.ts';
import { mortal } from './chunks.ts';
import { held, person, taken, WebTable, type WebVerdict } from './web-table.ts';
import { Killed, type Run } from './world.ts';

/** One run of a history: what people changed before it, what the destination does, and where workers die. */
interface Round {
  edits: { from: number; count: number; value: string | null | 'gone' | 'special' }[];
  verdicts: WebVerdict[];
  /** Port calls after which owners are killed, one per attempt. */
  kills: number[];
  /** The same of helpers; none: the plan is not cut. */
  helpers: number[];
  truncated: boolean;
}

const verdict = fc.constantFrom<WebVerdict>(
  ...[taken, taken, taken, taken],
  { applied: false, answer: { status: 400 } },
  { applied: false, answer: { status: 429 } },
  { applied: false, answer: { status: 503 } },
  { applied: true, answer: { status: 500 } },
  { applied: false, answer: { status: 500 } },
  { applied: true, answer: { fault: 'reset' } },
  { applied: false, answer: { fault: 'reset' } },
);
/** More than two chunks hold, where one request is open at a time. */
const ids = 450;
const round: fc.Arbitrary<Round> = fc.record({
  edits: fc.array(
    fc.record({
      from: fc.integer({ min: 1, max: ids }),
      count: fc.constantFrom(1, 1, 20, ids),
      value: fc.constantFrom('a', 'b', '', null, 'gone', 'special'),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  verdicts: fc.array(verdict, { maxLength: 8 }),
  kills: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 3 }),
  helpers: fc.oneof(
    fc.constant<number[]>([]),
    fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 3 }),
  ),
  truncated: fc.constantFrom(false, false, false, true),
});

/** Requests that were made where the rows lie. */
let texts = 0;

type Mutate = (store: RunStore) => RunStore;

/** Lives through a history, then runs once undisturbed: the destination must hold exactly the model. */
async function live(history: readonly Round[], mutate: Mutate = (store) => store): Promise<void> {
  const table = await WebTable.open({
    concurrency: history.some(({ helpers }) => helpers.length > 0) ? 1 : 2,
  });
  const { world } = table;
  try {
    for (const { edits, verdicts, kills, helpers, truncated } of history) {
      edit(world, edits);
      let sent = 0;
      table.decide = () => verdicts[sent++ % Math.max(1, verdicts.length)];
      world.reportedRows = truncated ? world.rows.length + 1 : null;
      const run = world.begin();
      await attempts(run, { kills, helpers }, mutate);
      expect(countsAddUp(run.ended.counts)).toBe(true);
    }
    table.decide = () => undefined;
    world.reportedRows = null;
    const end = await world.run();
    expect([end.status, countsAddUp(end.counts)]).toEqual(['success', true]);
    expect(Object.fromEntries(table.rows)).toEqual(held(world.rows));
    expect(world.ledgerRows).toBe(world.rows.length);
    const before = table.requests.length;
    await world.run();
    expect(table.requests).toHaveLength(before);
    texts += table.texts.length;
  } finally {
    await table.close();
  }
}

/** One owner after the other until the run has ended, and helpers beside them. */
async function attempts(
  run: Run,
  { kills, helpers }: Pick<Round, 'kills' | 'helpers'>,
  mutate: Mutate,
): Promise<void> {
  const mortals = [...kills];
  const helping = [...helpers];
  const breath = new AbortController().signal;
  const help = async (): Promise<void> => {
    while (helpers.length > 0 && !run.end) {
      await run.help(mortal(helping.shift() ?? Number.POSITIVE_INFINITY)).catch(onlyKills);
      await pause(1, breath);
    }
  };
  const others = help();
  while (!run.end) {
    const rowsMin = helpers.length > 0 ? 60 : Number.POSITIVE_INFINITY;
    const worker = { ...mortal(mortals.shift() ?? Number.POSITIVE_INFINITY), rowsMin };
    await run.attempt({ mutate, worker }).catch(onlyKills);
  }
  await others;
}

function onlyKills(thrown: unknown): void {
  if (!(thrown instanceof Killed)) throw thrown;
}

function edit(world: WebTable['world'], edits: Round['edits']): void {
  const rows = new Map(world.rows.map((row) => [row.id, row]));
  for (const { from, count, value } of edits) {
    for (let id = from; id < from + count && id <= ids; id += 1) {
      const row = value === 'special' ? person(id, 's', true) : person(id, value);
      if (value === 'gone') rows.delete(row.id);
      else rows.set(row.id, row);
    }
  }
  world.rows = [...rows.values()];
}

describe('the guarantee, where rows go as text', () => {
  it('holds over edits, special rows, refusals, lost answers, truncated reads, killed workers and helpers', {
    timeout: 240_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 3 }), (history) => live(history)),
      { numRuns: 30, interruptAfterTimeLimit: 200_000, markInterruptAsFailure: true },
    );
    expect(texts).toBeGreaterThan(100);
  });

  it('notices when a lost answer is booked as a refusal', { timeout: 60_000 }, async () => {
    const blunt: Mutate = (store) => ({
      ...store,
      settle: (outcomes) =>
        store.settle(
          outcomes.map((outcome) => ({
            ...outcome,
            exceptions: outcome.exceptions.map((one) => ({ ...one, outcome: 'rejected' as const })),
          })),
        ),
    });
    const calm = { verdicts: [], kills: [], helpers: [], truncated: false };
    const lost: WebVerdict[] = [{ applied: true, answer: { fault: 'reset' } }];
    const history: Round[] = [
      // The worker dies before the commit, so that the books are those of the store.
      {
        ...calm,
        edits: [{ from: 1, count: 60, value: 'a' }],
        verdicts: lost,
        kills: [await callsUntilCommit(lost)],
      },
      { ...calm, edits: [{ from: 1, count: 60, value: 'gone' }] },
    ];
    await live(history);
    await expect(live(history, blunt)).rejects.toThrow();
  });
});

/** How many port calls a run of 60 rows makes before it enters the commit. */
async function callsUntilCommit(verdicts: WebVerdict[]): Promise<number> {
  const table = await WebTable.open();
  table.world.rows = Array.from({ length: 60 }, (_, index) => person(index + 1, 'a'));
  table.decide = () => verdicts[0];
  const calls: string[] = [];
  const gate = (call: string): void => void calls.push(call);
  await table.world
    .begin()
    .attempt({ worker: { gate, dead: () => false, rowsMin: Number.POSITIVE_INFINITY } });
  await table.close();
  return calls.lastIndexOf('settle:after') + 1;
}
