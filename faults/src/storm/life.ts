import { countsAddUp } from '@sluice/domain/change';
import { type Cells, Killed, type Run, type World } from '@sluice/engine/__tests__/world';
import { expect } from 'vitest';
import type { Dice } from '../seed.ts';

/** Executes a run while workers die before random calls; the last one lives. The others are told of each. */
export async function throughKills(
  world: World,
  run: Run,
  { chance, ...told }: { chance: Dice; begins?: () => void; dying?: () => void; died?: () => Promise<void> },
): Promise<void> {
  for (let kill = chance.between(0, 2); kill > 0 && !run.end; kill -= 1) {
    told.begins?.();
    let left = chance.between(1, 25);
    world.gate = () => {
      left -= 1;
      if (left === -1) told.dying?.();
      if (left < 0) throw new Killed();
    };
    const alive = await run.attempt().then(
      () => true,
      (thrown: unknown) => {
        if (!(thrown instanceof Killed)) throw thrown;
        return false;
      },
    );
    if (!alive) await told.died?.();
  }
  world.gate = () => undefined;
  told.begins?.();
  if (!run.end) await run.attempt();
  expect(countsAddUp(run.ended.counts)).toBe(true);
}

/** Runs the sync until everything that it sends is delivered, a few times at most. */
export async function settle(world: World): Promise<void> {
  for (let runs = 1; ; runs += 1) {
    const end = await world.run();
    expect(countsAddUp(end.counts)).toBe(true);
    if (end.status === 'success') return;
    expect(runs, end.error?.message ?? end.status).toBeLessThan(10);
  }
}

/** Some rows leave, some change, some come: each change has the next version. */
export function edit(rows: readonly Cells[], chance: Dice): Cells[] {
  const last = Math.max(0, ...rows.map(({ id }) => Number(id)));
  const kept = rows
    .filter(() => !chance.chance(0.2))
    .map((row) => (chance.chance(0.3) ? rowOf(Number(row.id), Number(row.version) + 1) : row));
  const come = Array.from({ length: chance.between(1, 9) }, (_, index) => rowOf(last + index + 1, 1));
  return [...kept, ...come];
}

/** With a name that every format has to take care of. */
const rowOf = (id: number, version: number): Cells => ({
  id: String(id),
  version: String(version),
  name: `Zoë "${id}", the\n${version}th; \\N`,
});
