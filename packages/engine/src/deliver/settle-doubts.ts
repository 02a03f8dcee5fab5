import type { OpenPlan } from '../plan/open-plan.ts';
import type { PlannedChange } from '../plan/planned-change.ts';
import type { BatchIntent, RowException, RunStore } from '../ports.ts';
import type { Consignment } from './deliver.ts';
import { readRange } from './plan-batches.ts';

/**
 * Books the rows of batches that may have been sent, and whose answer nobody will see any more, as uncertain. Batches
 * that were settled meanwhile are left out.
 */
export async function settleDoubts(
  plan: OpenPlan,
  known: Pick<Consignment, 'doubtful' | 'settled' | 'settle'>,
  unanswered: readonly BatchIntent[],
  store: Pick<RunStore, 'settle'>,
): Promise<void> {
  for (const batch of [...known.doubtful, ...unanswered]) {
    const range = { from: batch.seqFrom, to: batch.seqTo };
    if (known.settled.some(({ from, to }) => from <= range.from && range.to <= to)) continue;
    // A batch that is a file may hold more rows than fit into memory.
    for (let { from } = range; from <= range.to; from += rowsMax) {
      const window = { from, to: Math.min(range.to, from + rowsMax - 1) };
      const exceptions = (await readRange(plan, window)).map(inDoubt);
      const outcome = {
        class: batch.class,
        seqFrom: window.from,
        seqTo: window.to,
        ...{ delivered: 0, exceptions, exchanges: [] },
      };
      await store.settle([outcome]);
      known.settle([outcome]);
    }
  }
}

const rowsMax = 5_000;

const inDoubt = ({ seq, key, class: name }: PlannedChange): RowException => ({
  seq,
  key,
  class: name,
  outcome: 'uncertain',
  code: 'interrupted',
  message: 'The request was interrupted; the row may or may not have arrived.',
});
