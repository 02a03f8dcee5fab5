import type { OpenPlan } from '../plan/open-plan.ts';
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
    const rows = await readRange(plan, range);
    const exceptions = rows.map(
      ({ seq, key, class: name }): RowException => ({
        seq,
        key,
        class: name,
        outcome: 'uncertain',
        code: 'interrupted',
        message: 'The request was interrupted; the row may or may not have arrived.',
      }),
    );
    const outcome = { ...batch, delivered: 0, exceptions, exchanges: [] };
    await store.settle([outcome]);
    known.settle([outcome]);
  }
}
