import { countsAddUp } from '@sluice/domain/change';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunStore } from '../ports.ts';
import { Killed, type Verdict, World } from './world.ts';

/** One run of a history: what people changed before it, what the destination does, and where workers die. */
interface Round {
  edits: { id: number; value: string | null | 'gone' }[];
  verdicts: Verdict[];
  /** Port calls after which the worker is killed, one per attempt. */
  kills: number[];
  truncated: boolean;
}

/** Beyond what a row may have at the memory that the tests give to DuckDB. */
const tooLong = 'x'.repeat(8 * 1024 * 1024);
const ids = [1, 2, 3, 4, 5, 6];
const round: fc.Arbitrary<Round> = fc.record({
  edits: fc.array(
    fc.record({ id: fc.constantFrom(...ids), value: fc.constantFrom('a', 'b', '', null, 'gone', 'long') }),
    { maxLength: 6 },
  ),
  verdicts: fc.array(
    fc.constantFrom<Verdict>('delivered', 'delivered', 'rejected', 'uncertain', 'applied_but_lost', 'retry'),
    { maxLength: 12 },
  ),
  kills: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 }),
  truncated: fc.constantFrom(false, false, false, true),
});

type Mutate = (store: RunStore) => RunStore;

/** Lives through a history, then runs once undisturbed: the destination must hold exactly the model. */
async function live(history: readonly Round[], mutate: Mutate = (store) => store): Promise<void> {
  const world = await World.open(['id', 'mail', 'name'], {
    matchKey: { from: 'mail', to: 'mail' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
  });
  world.batchRowsMax = 2;
  try {
    for (const { edits, verdicts, kills, truncated } of history) {
      edit(world, edits);
      let sent = 0;
      world.decide = () => verdicts[sent++ % Math.max(1, verdicts.length)] ?? 'delivered';
      world.reportedRows = truncated ? world.rows.length + 1 : null;
      const run = world.begin();
      for (const kill of kills) {
        let calls = 0;
        world.gate = () => {
          calls += 1;
          if (calls > kill) throw new Killed();
        };
        await run.attempt({ mutate }).catch(onlyKills);
        if (run.end) break;
      }
      world.gate = () => undefined;
      if (!run.end) await run.attempt({ mutate });
      expect(countsAddUp(run.ended.counts)).toBe(true);
    }
    world.decide = () => 'delivered';
    world.reportedRows = null;
    // Rows that no run could send have to become shorter first.
    for (const row of world.rows) if (row.name === tooLong) row.name = 'short';
    const end = await world.run();
    expect(end.status).toBe('success');
    expect(countsAddUp(end.counts)).toBe(true);
    expect(Object.fromEntries(world.table)).toEqual(
      Object.fromEntries(world.rows.map(({ mail, name }) => [String(mail), { name: name ?? null }])),
    );
    expect(world.ledgerRows).toBe(world.rows.length);
    world.requests = [];
    await world.run();
    expect(world.requests).toEqual([]);
  } finally {
    await world.close();
  }
}

function edit(world: World, edits: Round['edits']): void {
  const rows = new Map(world.rows.map((row) => [String(row.id), row]));
  for (const { id, value } of edits) {
    if (value === 'gone') rows.delete(String(id));
    else rows.set(String(id), { id: String(id), mail: `m${id}`, name: value === 'long' ? tooLong : value });
  }
  world.rows = [...rows.values()];
}

function onlyKills(thrown: unknown): void {
  if (!(thrown instanceof Killed)) throw thrown;
}

const histories = fc.array(round, { minLength: 1, maxLength: 3 });

describe('the guarantee', () => {
  it('holds over edits, rows that are too long, refusals, lost answers, truncated reads and killed workers', {
    timeout: 240_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(histories, (history) => live(history)),
      { numRuns: 25, interruptAfterTimeLimit: 200_000, markInterruptAsFailure: true },
    );
  });

  const edits = (value: string | 'gone'): Round['edits'] => [{ id: 1, value }];
  const calm: Omit<Round, 'edits'> = { verdicts: [], kills: [], truncated: false };

  it('notices when intents are not recorded', { timeout: 60_000 }, async () => {
    // Sent, applied, killed before the outcome; the row leaves the model: only the intent knows of the record.
    const forgetful: Mutate = (store) => ({ ...store, intend: async () => undefined });
    await live(await killedAfterSend());
    await expect(live(await killedAfterSend(forgetful), forgetful)).rejects.toThrow();
  });

  it('notices when a lost answer is booked as delivered', { timeout: 60_000 }, async () => {
    const hopeful: Mutate = (store) => ({
      ...store,
      settle: (outcomes) =>
        store.settle(
          outcomes.map((outcome) => ({
            ...outcome,
            delivered: outcome.delivered + outcome.exceptions.length,
            exceptions: [],
          })),
        ),
    });
    const history: Round[] = [{ ...calm, edits: edits('a'), verdicts: ['uncertain'] }];
    await live(history);
    // The engine's own counts contradict such a store only after a resume, so the worker dies before the commit.
    await expect(
      live(
        [{ ...calm, edits: edits('a'), verdicts: ['uncertain'], kills: [await callsUntilCommit()] }],
        hopeful,
      ),
    ).rejects.toThrow();
  });

  it('notices when a lost answer is booked as a rejection', { timeout: 60_000 }, async () => {
    const blunt: Mutate = (store) => ({
      ...store,
      exceptions: async function* () {
        for await (const exception of store.exceptions())
          yield { ...exception, outcome: 'rejected' as const };
      },
    });
    const history: Round[] = [
      { ...calm, edits: edits('a'), verdicts: ['applied_but_lost'], kills: [await callsUntilCommit()] },
      { ...calm, edits: edits('gone') },
    ];
    await live(history);
    await expect(live(history, blunt)).rejects.toThrow();
  });
});

/** How many port calls a one-row run makes before it enters the commit. */
async function callsUntil(wanted: string, mutate: Mutate = (store) => store): Promise<number> {
  const world = await World.open(['id', 'mail', 'name']);
  world.rows = [{ id: '1', mail: 'm1', name: 'a' }];
  const calls: string[] = [];
  world.gate = (call) => {
    calls.push(call);
  };
  await world.begin().attempt({ mutate });
  await world.close();
  return calls.indexOf(wanted);
}

const callsUntilCommit = async (): Promise<number> => (await callsUntil('settle:after')) + 1;

async function killedAfterSend(mutate?: Mutate): Promise<Round[]> {
  const kills = [await callsUntil('deliver:after', mutate)];
  return [
    { edits: [{ id: 1, value: 'a' }], verdicts: ['delivered', 'rejected'], kills, truncated: false },
    { edits: [{ id: 1, value: 'gone' }], verdicts: [], kills: [], truncated: false },
  ];
}
