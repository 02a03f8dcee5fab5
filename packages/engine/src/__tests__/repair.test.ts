import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { countsAddUp } from '@sluice/domain/change';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acceptDoubts } from '../ledger/accept-doubts.ts';
import { readLedger } from './read-ledger.ts';
import { Killed, type Run, type RunOptions, type Verdict, World } from './world.ts';

/** What a person does after some edits of the model: run, or repair what an earlier run did. */
type Deed =
  | { do: 'run'; resync: 'none' | 'backfill' }
  | { do: 'replay'; which: 'failed' | 'sent'; back: number; correct: boolean }
  | { do: 'revert'; back: number; added: 'delete' | 'keep' }
  | { do: 'backfill'; name: string }
  | { do: 'resend' }
  | { do: 'arrived' };

interface Step {
  edits: { id: number; name: string | null | 'gone' }[];
  deed: Deed;
  verdicts: Verdict[];
  /** Port calls after which the worker is killed. */
  kill: number | null;
}

const back = fc.integer({ min: 0, max: 2 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ do: fc.constant('run' as const), resync: fc.constantFrom('none', 'none', 'backfill') }),
  fc.record({
    do: fc.constant('replay' as const),
    which: fc.constantFrom('failed', 'sent'),
    back,
    correct: fc.boolean(),
  }),
  fc.record({ do: fc.constant('revert' as const), back, added: fc.constantFrom('delete', 'keep') }),
  fc.record({ do: fc.constant('backfill' as const), name: fc.constantFrom('a', 'b') }),
  fc.record({ do: fc.constant('resend' as const) }),
  fc.record({ do: fc.constant('arrived' as const) }),
);
const step: fc.Arbitrary<Step> = fc.record({
  edits: fc.array(
    fc.record({ id: fc.integer({ min: 1, max: 5 }), name: fc.constantFrom('a', 'b', null, 'gone') }),
    { maxLength: 4 },
  ),
  deed,
  verdicts: fc.array(
    fc.constantFrom<Verdict>(
      'delivered',
      'delivered',
      'delivered',
      'rejected',
      'uncertain',
      'applied_but_lost',
    ),
    { maxLength: 8 },
  ),
  kill: fc.option(fc.integer({ min: 0, max: 25 }), { freq: 2 }),
});

/** The destination holds what the ledger says, wherever the ledger says that it knows. */
async function expectTruth(world: World): Promise<void> {
  const ledger = await readLedger(world);
  const known = ledger.filter(({ doubt }) => doubt === 'none');
  expect(
    known.map(({ values }) => [values.mail, world.table.get(String(values.mail))?.name ?? null]),
  ).toEqual(known.map(({ values }) => [values.mail, values.name ?? null]));
  for (const { values } of known) expect(world.table.has(String(values.mail))).toBe(true);
  const mails = new Set(ledger.map(({ values }) => values.mail));
  expect([...world.table.keys()].filter((mail) => !mails.has(mail))).toEqual([]);
}

async function live(history: readonly Step[], policy: 'send_again' | 'hold'): Promise<void> {
  const world = await World.open(['id', 'mail', 'name'], {
    matchKey: { from: 'mail', to: 'mail' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
    doubt: policy,
  });
  const runs: Run[] = [];
  try {
    for (const { edits, deed: wanted, verdicts, kill } of history) {
      edit(world, edits);
      let sent = 0;
      world.decide = () => verdicts[sent++ % Math.max(1, verdicts.length)] ?? 'delivered';
      if (wanted.do === 'arrived') {
        // A person only says so of rows that did.
        await accept(world, await arrivedKeys(world));
      } else {
        const options = optionsOf(wanted, runs);
        if (!options) continue;
        const run = world.begin(options);
        if (kill !== null) await killedAfter(world, run, kill);
        if (!run.end) await run.attempt();
        expect(run.ended.error).toBeNull();
        expect(countsAddUp(run.ended.counts)).toBe(true);
        runs.push(run);
      }
      await expectTruth(world);
    }
    world.decide = () => 'delivered';
    world.configure({ doubt: 'send_again' });
    expect((await world.run()).status).toBe('success');
    // A correction by hand holds until its source row changes; all else is the model.
    await expectTruth(world);
    await world.run({ resync: 'backfill' });
    expect(Object.fromEntries(world.table)).toEqual(
      Object.fromEntries(world.rows.map(({ mail, name }) => [String(mail), { name: name ?? null }])),
    );
    world.requests = [];
    await world.run();
    expect(world.requests).toEqual([]);
  } finally {
    await world.close();
  }
}

async function killedAfter(world: World, run: Run, kill: number): Promise<void> {
  let calls = 0;
  world.gate = () => {
    calls += 1;
    if (calls > kill) throw new Killed();
  };
  await run.attempt().catch((thrown: unknown) => {
    if (!(thrown instanceof Killed)) throw thrown;
  });
  world.gate = () => undefined;
}

function edit(world: World, edits: Step['edits']): void {
  const rows = new Map(world.rows.map((row) => [String(row.id), row]));
  for (const { id, name } of edits) {
    if (name === 'gone') rows.delete(String(id));
    else rows.set(String(id), { id: String(id), mail: `m${id}`, name });
  }
  world.rows = [...rows.values()];
}

function optionsOf(wanted: Exclude<Deed, { do: 'arrived' }>, runs: readonly Run[]): RunOptions | null {
  if (wanted.do === 'run') return { resync: wanted.resync };
  if (wanted.do === 'resend') return { selection: { type: 'doubts', keys: null } };
  if (wanted.do === 'backfill') {
    const filter = [{ column: 'name', operator: 'equals' as const, value: wanted.name }];
    return { resync: 'backfill', selection: { type: 'filter', filter } };
  }
  const past = runs.at(-1 - wanted.back);
  if (!past?.plan) return null;
  const runId = past.spec.runId;
  if (wanted.do === 'revert') return { past, selection: { type: 'revert', runId, added: wanted.added } };
  const corrected = [...past.exceptions.values()].find(({ class: name }) => name !== 'removed');
  const corrections =
    wanted.correct && corrected ? [{ seq: corrected.seq, values: { name: 'by hand' } }] : [];
  return { past, selection: { type: 'rows', runId, rows: { which: wanted.which }, corrections } };
}

/** Rows in doubt whose record is as it was tried. */
async function arrivedKeys(world: World): Promise<string[]> {
  const ledger = await readLedger(world);
  return ledger
    .filter(({ doubt, values }) => {
      const record = world.table.get(String(values.mail));
      if (doubt === 'remove') return !record;
      return doubt !== 'none' && record !== undefined && (record.name ?? null) === (values.name ?? null);
    })
    .map(({ key }) => key);
}

async function accept(world: World, keys: string[]): Promise<void> {
  if (world.ledgerKey === null || keys.length === 0) return;
  const workDirectory = join(world.directory, 'accept');
  await mkdir(workDirectory, { recursive: true });
  const decided = await acceptDoubts(world.ledgerKey, keys, {
    blobs: world.blobs(),
    name: 'ledgers/1/1/0',
    primaryKey: 'id',
    workDirectory,
    memoryLimitMb: 128,
  });
  expect(decided?.accepted).toBe(keys.length);
  if (decided) world.ledgerKey = decided.ledger.blobKey;
  await rm(workDirectory, { recursive: true, force: true });
}

const histories = fc.array(step, { minLength: 2, maxLength: 6 });

it('the ledger is true after any order of runs, replays, reverts, backfills and decisions', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.constantFrom('send_again', 'hold'), (history, policy) =>
      live(history, policy),
    ),
    {
      numRuns: 20,
      interruptAfterTimeLimit: 200_000,
      markInterruptAsFailure: true,
    },
  );
});
