import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDuck } from '../duck.ts';
import { type OpenLedger, openLedger } from '../ledger/open-ledger.ts';
import { readPlanRows } from '../plan/plan-reader.ts';
import { type Run, type Verdict, World } from './world.ts';

/** A row of the ledger, as far as its meaning goes: whether a fingerprint is known, the doubt, the values. */
type Entry = [known: boolean, doubt: string, ...values: (string | null)[]];
type Entries = Map<string, Entry>;

/** What a ledger says now, and the blobs it consists of. */
async function readLedger(world: World): Promise<{ entries: Entries; ledger: OpenLedger }> {
  const workDirectory = join(world.directory, 'look');
  await mkdir(workDirectory, { recursive: true });
  const duck = await openDuck({ workDirectory, memoryLimitMb: 128, threads: 1 });
  try {
    const ledger = await openLedger(duck, world.blobs(), world.ledgerKey);
    const values = ledger.kept.map((_, index) => `, k${index}`).join('');
    const rows = await duck.rows(`SELECT key, fp IS NOT NULL, doubt${values} FROM ${ledger.relation}`);
    expect(new Set(rows.map(([key]) => key)).size).toBe(rows.length);
    return { ledger, entries: new Map(rows.map(([key, ...entry]) => [String(key), entry as Entry])) };
  } finally {
    duck.close();
  }
}

/** The table of `docs/engine.md`, row by row: what a ledger says after a run. */
async function entriesAfter(before: Entries, run: Run): Promise<Entries> {
  const after = new Map(before);
  if (!run.plan) return after;
  const path = join(run.world.directory, 'blobs', run.plan.blobKey);
  const doubts = { added: 'add', changed: 'change', removed: 'remove' } as const;
  for (const { seq, class: name, key, row, sent } of await readPlanRows(path, {
    afterSeq: 0,
    limit: 1_000,
  })) {
    const settled = [...run.batches.values()].some(
      ({ seqFrom, seqTo, state }) => state === 'settled' && seqFrom <= seq && seq <= seqTo,
    );
    const exception = run.exceptions.get(seq);
    const values = run.world.columns.slice(1).map((column) => row[column.name] as string | null);
    if (exception?.outcome === 'uncertain') after.set(key, [false, doubts[name], ...values]);
    else if (exception || (sent && !settled)) continue;
    else if (name === 'removed') after.delete(key);
    else after.set(key, [true, 'none', ...values]);
  }
  return after;
}

const ids = [1, 2, 3, 4, 5, 6];
const verdicts: Verdict[] = [
  'delivered',
  'delivered',
  'rejected',
  'uncertain',
  'applied_but_lost',
  'in_doubt',
];
const round = fc.record({
  rows: fc.array(fc.record({ id: fc.constantFrom(...ids), name: fc.constantFrom('a', 'b', '', null) }), {
    maxLength: 6,
  }),
  verdicts: fc.array(fc.constantFrom(...verdicts), { minLength: 1, maxLength: 12 }),
  mode: fc.constantFrom('mirror' as const, 'mirror' as const, 'upsert' as const),
});

describe('a ledger', () => {
  it('of a base and deltas says what the outcomes of all runs say', { timeout: 120_000 }, async () => {
    let grown = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 3, maxLength: 12 }), async (history) => {
        const world = await World.open(['id', 'name', 'mail']);
        try {
          let expected: Entries = new Map();
          for (const one of history) {
            const rows = new Map(one.rows.map(({ id, name }) => [id, name]));
            world.rows = [...rows].map(([id, name]) => ({ id: `${id}`, name, mail: `m${id}` }));
            world.configure({ mode: one.mode, deleteBehaviour: 'nothing' });
            let sent = 0;
            world.decide = () => one.verdicts[sent++ % one.verdicts.length] ?? 'delivered';
            const run = world.begin();
            await run.attempt();
            expected = await entriesAfter(expected, run);
            const { entries, ledger } = await readLedger(world);
            expect(new Map([...entries].sort())).toEqual(new Map([...expected].sort()));
            expect(ledger.rows).toBe(expected.size);
            expect(world.ledgerRows).toBe(expected.size);
            grown = Math.max(grown, ledger.files.length);
          }
        } finally {
          await world.close();
        }
      }),
      { numRuns: 15, interruptAfterTimeLimit: 100_000 },
    );
    expect(grown).toBeGreaterThan(2);
  });

  it('grows by the rows that have moved, and is written anew when its deltas are many', async () => {
    const world = await World.open(['id', 'name']);
    world.rows = ids.map((id) => ({ id: `${id}`, name: 'a' }));
    const sizes: number[][] = [];
    for (let count = 0; count < 11; count += 1) {
      await world.run();
      sizes.push((await readLedger(world)).ledger.files.map(({ rows }) => rows));
      const row = world.rows[count % ids.length];
      if (row) row.name = `b${count}`;
    }
    expect(sizes.slice(0, 3)).toEqual([[6], [6, 1], [6, 1, 1]]);
    expect(sizes[8]).toHaveLength(9);
    expect(sizes[9]).toEqual([6]);
    expect(sizes[10]).toEqual([6, 1]);
    await world.close();
  });

  it('begins with the plan itself where a first run delivered every row, and with its outcomes where one did not', async () => {
    for (const refused of [null, '3']) {
      const world = await World.open(['id', 'name', 'mail']);
      world.rows = ids.map((id) => ({ id: `${id}`, name: null, mail: `m${id}` }));
      world.decide = (record) => (record.key === refused ? 'rejected' : 'delivered');
      await world.run();
      const { ledger, entries } = await readLedger(world);
      expect(ledger.files[0]?.key.endsWith('.plan.base.parquet')).toBe(refused === null);
      const taken = ids.filter((id) => `${id}` !== refused);
      expect(new Map([...entries].sort())).toEqual(
        new Map(taken.map((id) => [`${id}`, [true, 'none', null, `m${id}`]])),
      );
      world.decide = () => 'delivered';
      const again = await world.run();
      expect(again.counts.planned).toEqual({ added: refused === null ? 0 : 1, changed: 0, removed: 0 });
      await world.close();
    }
  });

  it('fails clearly when a part of it is gone or cut short', async () => {
    const world = await World.open(['id', 'name']);
    world.rows = ids.map((id) => ({ id: `${id}`, name: 'a' }));
    await world.run();
    world.rows = world.rows.slice(1);
    await world.run();
    const { ledger } = await readLedger(world);
    const key = world.ledgerKey;
    for (const { path } of ledger.files.toReversed()) {
      await writeFile(path, 'PAR1');
      const end = await world.run();
      expect(end).toMatchObject({ status: 'failed', ledger: null, error: { code: 'ledger_missing' } });
      await world.blobs().remove(path.slice(join(world.directory, 'blobs').length + 1));
      expect((await world.run()).error?.code).toBe('ledger_missing');
    }
    expect(world.ledgerKey).toBe(key);
    await world.close();
  });
});
