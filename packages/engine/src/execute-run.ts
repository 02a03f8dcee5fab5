import { randomUUID } from 'node:crypto';
import { countsAddUp, noRunCounts, type RunCounts, sumCounts } from '@sluice/domain/change';
import { errorView, SluiceError, toSluiceError } from '@sluice/domain/error';
import { commitLedger } from './commit-ledger.ts';
import { deliver } from './deliver.ts';
import { openDuck } from './duck.ts';
import { guardVerdict } from './guards.ts';
import { makePlan } from './make-plan.ts';
import { compileMappings } from './mapping.ts';
import type { OpenPlan } from './open-plan.ts';
import { closeCounts, type OutcomeBook, openBook } from './outcome-book.ts';
import { describePlan } from './plan-reader.ts';
import { type BatchIntent, LeaseLost, type RunEnd, type StoredPlan } from './ports.ts';
import type { RunPorts, RunSpecification } from './run.ts';
import { runVariables } from './run-variables.ts';
import { settleDoubts } from './settle-doubts.ts';
import { stopReason } from './stop-reason.ts';
import { markFailures, StoreFailure } from './store-failure.ts';

/**
 * Executes a run to its end, or goes on where an earlier attempt stopped: plan, deliver, record, commit.
 * Resolves after exactly one `store.end`. Throws without ending the run when the lease is lost or the worker shuts
 * down (`LeaseLost`), when the store fails, or when there is no room to write the ledger: then the run is still open
 * and another attempt goes on.
 */
export async function executeRun(spec: RunSpecification, given: RunPorts): Promise<void> {
  const ports = { ...given, store: markFailures(given.store) };
  try {
    const plan = (await ports.store.plan()) ?? (await planRun(spec, ports));
    if (plan) await finishRun(spec, ports, plan);
  } catch (thrown) {
    if (thrown instanceof LeaseLost) throw thrown;
    if (leaves(ports)) throw new LeaseLost();
    throw thrown instanceof StoreFailure ? thrown.cause : thrown;
  }
}

/** The run is somebody else's from here on. */
const leaves = ({ signal }: RunPorts): boolean => {
  const reason = stopReason(signal);
  return reason === 'lost' || reason === 'shutdown';
};

/** Plans and stores the plan. Answers `null` after it has ended the run: cancelled, or failed before anything was sent. */
async function planRun(spec: RunSpecification, ports: RunPorts): Promise<StoredPlan | null> {
  const { store } = ports;
  try {
    ports.signal.throwIfAborted();
    return await storePlan(spec, ports);
  } catch (thrown) {
    if (thrown instanceof StoreFailure || leaves(ports)) throw thrown;
    const cancelled = stopReason(ports.signal) === 'cancelled';
    const error = cancelled ? null : toSluiceError(thrown);
    if (error) store.event('error', 'plan', error.message, { code: error.code });
    await store.end(endOf({ status: cancelled ? 'cancelled' : 'failed', counts: noRunCounts(), error }));
    return null;
  }
}

async function storePlan(spec: RunSpecification, ports: RunPorts): Promise<StoredPlan> {
  const { store } = ports;
  await store.enter('extract');
  store.event('info', 'extract', `Reading the model "${spec.model.name}".`);
  const duck = await openDuck({ workDirectory: ports.workDirectory, ...ports.duckdb, signal: ports.signal });
  try {
    const made = await makePlan(duck, spec, ports, {
      read: (rows) => store.progress({ ...noRunCounts(), queried: rows }, 0, `Read ${format(rows)} rows`),
      complete: async ({ rows, bytes }) => {
        store.event('info', 'extract', `Read ${format(rows)} rows.`, { rows, bytes });
        await store.enter('plan');
      },
    });
    const { added, changed, removed } = made.counts.planned;
    store.event(
      'info',
      'plan',
      `Planned ${format(added)} added, ${format(changed)} changed, ${format(removed)} removed; ${format(made.counts.unchanged)} unchanged.`,
    );
    const { nullKeys, duplicateKeys } = made.counts;
    if (nullKeys + duplicateKeys > 0) {
      store.event(
        'warning',
        'plan',
        `Left out ${format(nullKeys)} rows without a key and ${format(duplicateKeys)} rows that share theirs.`,
      );
    }
    const blobKey = `plans/${spec.workspaceId}/${spec.sync.id}/${spec.runId}-${randomUUID()}.parquet`;
    const plan: StoredPlan = {
      blobKey,
      columns: made.columns,
      size: made.size,
      counts: made.counts,
      keyExamples: made.keyExamples,
    };
    ports.signal.throwIfAborted();
    await ports.blobs.put(blobKey, made.path);
    await store.planned(plan);
    return plan;
  } finally {
    duck.close();
  }
}

/** Delivers what is left of a plan, commits, and ends the run. */
async function finishRun(spec: RunSpecification, ports: RunPorts, stored: StoredPlan): Promise<void> {
  const { store } = ports;
  const file = await ports.blobs.read(stored.blobKey);
  // Without the signal: what was acknowledged is committed after a cancel too.
  const duck = await openDuck({ workDirectory: ports.workDirectory, ...ports.duckdb });
  try {
    const metadata = await describePlan(duck, file.path);
    const plan: OpenPlan = { duck, path: file.path, metadata, size: stored.size, counts: stored.counts };
    const book = await openBook(duck, store, stored.counts);
    const stopped = guardError(spec, plan, book);
    if (stopped) {
      store.event('error', 'plan', stopped.message);
      await store.end(endOf({ status: 'failed', counts: closeCounts(stored.counts), error: stopped }));
      return;
    }
    const { failure, unanswered } = await deliverPlan(spec, ports, plan, book);
    if (leaves(ports)) throw new LeaseLost({ unanswered: unanswered.length > 0 });
    await settleDoubts(plan, book, unanswered, store);
    await commitAndEnd(spec, ports, plan, book, failure);
  } finally {
    duck.close();
    await file.release();
  }
}

function guardError(spec: RunSpecification, plan: OpenPlan, book: OutcomeBook): SluiceError | null {
  const begun = book.settled.length > 0 || book.doubtful.length > 0;
  if (spec.ignoreGuards || begun) return null;
  const verdict = guardVerdict(spec.configuration.guards, plan.counts, plan.metadata.ledgerRows);
  return verdict === null ? null : new SluiceError('run_guard', `${verdict} Nothing was sent.`);
}

async function deliverPlan(
  spec: RunSpecification,
  ports: RunPorts,
  plan: OpenPlan,
  book: OutcomeBook,
): Promise<{ failure: SluiceError | null; unanswered: readonly BatchIntent[] }> {
  const toSend = sumCounts(plan.counts.planned) - sumCounts(plan.counts.skipped);
  if (toSend === 0 || ports.signal.aborted) return { failure: null, unanswered: [] };
  await ports.store.enter('deliver');
  try {
    const variables = runVariables(spec);
    const map = compileMappings(spec.configuration, variables);
    const writer = await ports.destination.writer(spec.configuration, variables);
    try {
      return await deliver(plan, book, writer, map, { ...ports, runLabel: `sluice-${spec.runId}` });
    } finally {
      await writer.close();
    }
  } catch (thrown) {
    if (thrown instanceof StoreFailure || thrown instanceof LeaseLost) throw thrown;
    return { failure: ports.signal.aborted ? null : toSluiceError(thrown), unanswered: [] };
  }
}

async function commitAndEnd(
  spec: RunSpecification,
  ports: RunPorts,
  plan: OpenPlan,
  book: OutcomeBook,
  failure: SluiceError | null,
): Promise<void> {
  const { store } = ports;
  await store.enter('commit');
  book.flush();
  const counts = book.close();
  if (!countsAddUp(counts)) {
    throw new SluiceError('internal', 'The counts of the run do not add up.', { details: { counts } });
  }
  const ledger = movesLedger(spec, plan, counts) ? await storeLedger(spec, ports, plan, book) : null;
  if (leaves(ports)) throw new LeaseLost();
  if (failure) store.event('error', 'deliver', failure.message, { code: failure.code });
  const cancelled = stopReason(ports.signal) === 'cancelled';
  const troubled = sumCounts(counts.rejected) + sumCounts(counts.uncertain) > 0;
  const status = cancelled ? 'cancelled' : failure ? 'failed' : troubled ? 'warning' : 'success';
  store.event(
    status === 'success' || cancelled ? 'info' : 'warning',
    'commit',
    `Delivered ${format(sumCounts(counts.delivered))}, rejected ${format(sumCounts(counts.rejected))}, uncertain ${format(sumCounts(counts.uncertain))}, not attempted ${format(sumCounts(counts.notAttempted))} rows.`,
  );
  await store.end(endOf({ status, counts, ledger, error: cancelled ? null : failure }));
}

/** Whether the run says anything that the old ledger does not. */
function movesLedger(spec: RunSpecification, plan: OpenPlan, counts: RunCounts): boolean {
  const news = sumCounts(counts.delivered) + sumCounts(counts.uncertain) + sumCounts(counts.skipped);
  return news > 0 || spec.resync !== 'none' || plan.metadata.carriesUnchanged;
}

async function storeLedger(
  spec: RunSpecification,
  ports: RunPorts,
  plan: OpenPlan,
  book: OutcomeBook,
): Promise<{ blobKey: string; rows: number }> {
  const { ledgerKey } = plan.metadata;
  const old = ledgerKey === null ? null : await ports.blobs.read(ledgerKey);
  try {
    const { path, rows } = await commitLedger(plan, {
      ledgerPath: old?.path ?? null,
      settled: book.settled,
      resync: spec.resync,
      workDirectory: ports.workDirectory,
    });
    // A name of its own for each attempt: a worker that lost the run cannot overwrite what counts.
    const blobKey = `ledgers/${spec.workspaceId}/${spec.sync.id}/${spec.runId}-${randomUUID()}.parquet`;
    await ports.blobs.put(blobKey, path);
    return { blobKey, rows };
  } finally {
    await old?.release();
  }
}

function endOf(end: {
  status: RunEnd['status'];
  counts: RunCounts;
  ledger?: RunEnd['ledger'];
  error: SluiceError | null;
}): RunEnd {
  const view = end.error && errorView(end.error);
  return {
    status: end.status,
    counts: end.counts,
    ledger: end.ledger ?? null,
    error: view && { code: view.code, message: view.message, fix: view.fix },
  };
}

const format = (value: number): string => value.toLocaleString('en-US');
