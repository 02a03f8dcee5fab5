import fc from 'fast-check';
import { expect } from 'vitest';
import type { Verdict } from '../../../__tests__/world.ts';
import { type Planner, type PlannerPlace, PlannerWorld, type TableRow } from './planner-world.ts';

/** What happens to a model between runs, made of any rows. */
export function anyHistory(row: fc.Arbitrary<TableRow>, mishaps: readonly string[]) {
  const round = fc.record({
    // Few edits on what is there, so that most rows stay as they are.
    edits: fc.array(fc.tuple(fc.nat(), fc.option(row)), { maxLength: 5 }),
    verdicts: fc.array(
      fc.constantFrom<Verdict>('delivered', 'delivered', 'delivered', 'rejected', 'uncertain'),
      {
        maxLength: 8,
      },
    ),
    planner: fc.constantFrom<Planner>('local', 'warehouse'),
    mishap: fc.constantFrom(null, null, null, ...mishaps),
  });
  return fc.record({
    matchKey: fc.constantFrom('mail', 'id'),
    mode: fc.constantFrom<'mirror' | 'upsert'>('mirror', 'upsert'),
    rows: fc.array(row, { maxLength: 12 }),
    rounds: fc.array(round, { minLength: 1, maxLength: 5 }),
  });
}

type History = ReturnType<typeof anyHistory> extends fc.Arbitrary<infer T> ? T : never;

/** Both planners plan the same at each point of a history, and switching between them sends nothing again. */
export async function assertEqualPlans(
  { matchKey, mode, rows, rounds }: History,
  open: () => Promise<PlannerPlace>,
): Promise<void> {
  const planned = await PlannerWorld.open({ mode, matchKey: { from: matchKey, to: matchKey } }, await open());
  try {
    let table = rows;
    await planned.setRows(table);
    await planned.run('local');
    for (const { edits, verdicts, planner, mishap: damage } of rounds) {
      table = edit(table, edits);
      await planned.setRows(table);
      if (damage) await planned.sql(damage).catch(() => undefined);
      expect(await planned.plan('warehouse')).toEqual(await planned.plan('local'));
      // With what the first plan left behind.
      expect(await planned.plan('warehouse')).toEqual(await planned.plan('local'));
      let sent = 0;
      planned.world.decide = () => verdicts[sent++ % Math.max(1, verdicts.length)] ?? 'delivered';
      await planned.run(planner);
    }
    planned.world.decide = () => 'delivered';
    await planned.run('warehouse');
    const shared = (await planned.run('local')).sent;
    for (const planner of ['warehouse', 'local', 'warehouse'] as const) {
      expect((await planned.run(planner)).sent).toBe(shared);
    }
  } finally {
    await planned.close();
  }
}

function edit(
  table: readonly TableRow[],
  edits: readonly (readonly [number, TableRow | null])[],
): TableRow[] {
  const edited = [...table];
  for (const [at, now] of edits) {
    if (now === null) edited.splice(at % Math.max(1, edited.length), 1);
    else if (at % 3 === 0) edited.push(now);
    else edited[at % Math.max(1, edited.length)] = now;
  }
  return edited;
}
