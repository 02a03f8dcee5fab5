import type { RunCounts } from '@sluice/domain/change';
import type { SluiceError } from '@sluice/domain/error';
import { openBook } from './deliver/outcome-book.ts';
import type { Duck } from './duck.ts';
import { distrustLedger } from './ledger/distrust-ledger.ts';
import { sentRanges } from './plan/open-plan.ts';
import type { RunPorts, RunSpecification } from './run.ts';
import { endOf } from './run-end.ts';

/**
 * Ends a run whose plan is gone. The batches in the store say how many rows were sent, and the plan alone knew which:
 * if there are any, the new ledger trusts no value, so that the next run sends every row again. Rows that this plan
 * added, and that leave the model before that, stay at the destination: nobody knows of them.
 */
export async function endWithoutPlan(
  duck: Duck,
  spec: RunSpecification,
  ports: RunPorts,
  lost: { readonly counts: RunCounts; readonly error: SluiceError },
): Promise<void> {
  const { store } = ports;
  const book = await openBook(duck, store, lost.counts);
  for (const { class: name, seqFrom, seqTo } of book.doubtful) {
    const sent = sentRanges(lost.counts).find((range) => range.class === name);
    book.counts.uncertain[name] += Math.min(seqTo, sent?.to ?? seqTo) - seqFrom + 1;
  }
  const begun = book.settled.length > 0 || book.doubtful.length > 0;
  const ledger =
    begun && spec.ledgerKey !== null
      ? await distrustLedger(duck, spec.ledgerKey, {
          blobs: ports.blobs,
          name: `ledgers/${spec.workspaceId}/${spec.sync.id}/${spec.runId}`,
          primaryKey: spec.model.primaryKey,
          workDirectory: ports.workDirectory,
        })
      : null;
  store.event('error', 'deliver', lost.error.message, { code: lost.error.code });
  if (ledger) store.event('warning', 'commit', 'The next run sends every row again.');
  await store.end(endOf({ status: 'failed', counts: book.close(), ledger, error: lost.error }));
}
