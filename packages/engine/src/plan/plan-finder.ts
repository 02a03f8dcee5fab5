import { openDuck } from '../duck.ts';
import { literal } from '../sql.ts';
import { describePlan } from './plan-reader.ts';
import { readRows } from './plan-rows.ts';
import type { PlannedChange } from './planned-change.ts';

/** Looks for one key in one plan after another. A look reads the column of keys, and one row. */
export interface PlanFinder {
  /** The row of the key; `null` if the plan has none. Throws `plan_missing` if the file is not a plan. */
  find(localPath: string, key: string): Promise<PlannedChange | null>;
  close(): void;
}

export async function openPlanFinder(workDirectory: string): Promise<PlanFinder> {
  const duck = await openDuck({ workDirectory, memoryLimitMb: 96, threads: 1 });
  return {
    async find(localPath, key) {
      const metadata = await describePlan(duck, localPath);
      const [row] = await readRows(duck, localPath, metadata, `key = ${literal(key)}`, 1);
      return row ?? null;
    },
    close: () => duck.close(),
  };
}
