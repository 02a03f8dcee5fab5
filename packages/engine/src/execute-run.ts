import { randomUUID } from 'node:crypto';
import {
  countsAddUp,
  noRunCounts,
  type RunCounts,
  sumCounts,
  sumPending,
  sumSent,
} from '@sluice/domain/change';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import { cutLimits, cutPlan } from './deliver/cut-plan.ts';
import { type Consignment, type Delivery, deliver } from './deliver/deliver.ts';
import { deliverEmptyFile } from './deliver/deliver-empty-file.ts';
import { leadChunks, withdrawChunks } from './deliver/lead-chunks.ts';
import { openWriter } from './deliver/open-writer.ts';
import { closeCounts, completionRatio, type OutcomeBook, openBook } from './deliver/outcome-book.ts';
import { createPlaces } from './deliver/places.ts';
import { compilePayloads } from './deliver/plan-payloads.ts';
import { runLabel } from './deliver/run-label.ts';
import { settleDoubts } from './deliver/settle-doubts.ts';
import { type Duck, isMuch, openDuck } from './duck.ts';
import { commitLedger } from './ledger/commit-ledger.ts';
import type { PlanMetadata } from './ledger/file-metadata.ts';
import { endWithoutPlan } from './lost-plan.ts';
import { compileMappings } from './map/mapping.ts';
import { runVariables } from './map/run-variables.ts';
import { guardVerdict } from './plan/guards.ts';
import { keyFilterOf } from './plan/key-filter.ts';
import { type MadePlan, makePlan } from './plan/make-plan.ts';
import { type OpenPlan, sentRanges } from './plan/open-plan.ts';
import { type AskedSelection, planAsked } from './plan/plan-asked.ts';
import { describePlan } from './plan/plan-reader.ts';
import { type ChunkedProgress, LeaseLost, type LocalFile, type RunStore, type StoredPlan } from './ports.ts';
import type { RunPorts, RunSpecification } from './run.ts';
import { endOf } from './run-end.ts';
import { stopReason } from './stop-reason.ts';
import { markFailures, markRunChunks, StoreFailure } from './store-failure.ts';

/**
 * Executes a run to its end, or goes on where an earlier attempt stopped: plan, deliver, record, commit.
 * Resolves after exactly one `store.end`. Throws without ending the run when the lease is lost or the worker shuts
 * down (`LeaseLost`), when the store fails, or when there is no room to write the ledger: then the run is still open
 * and another attempt goes on.
 */
export async function executeRun(spec: RunSpecification, given: RunPorts): Promise<void> {
  const ports = {
    ...given,
    store: markFailures(given.store),
    ...(given.chunks && { chunks: markRunChunks(given.chunks) }),
  };
  try {
    const known = await ports.store.plan();
    const made = known ? { plan: known, metadata: null } : await planRun(spec, ports);
    if (made) await finishRun(spec, ports, made.plan, { resumed: known !== null, metadata: made.metadata });
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
async function planRun(spec: RunSpecification, ports: RunPorts): Promise<NewPlan | null> {
  const { store } = ports;
  try {
    ports.signal.throwIfAborted();
    return await storePlan(spec, ports);
  } catch (thrown) {
    if (thrown instanceof StoreFailure || thrown instanceof LeaseLost || leaves(ports)) throw thrown;
    const cancelled = stopReason(ports.signal) === 'cancelled';
    const error = cancelled ? null : toSluiceError(thrown);
    if (error) store.event('error', 'plan', error.message, { code: error.code });
    await store.end(endOf({ status: cancelled ? 'cancelled' : 'failed', counts: noRunCounts(), error }));
    return null;
  }
}

interface NewPlan {
  readonly plan: StoredPlan;
  /** What its file says of itself. */
  readonly metadata: PlanMetadata;
}

async function storePlan(spec: RunSpecification, ports: RunPorts): Promise<NewPlan> {
  const { store } = ports;
  const duck = await openDuck({ workDirectory: ports.workDirectory, ...ports.duckdb, signal: ports.signal });
  try {
    const { selection } = spec;
    const made =
      selection && selection.type !== 'filter'
        ? await planRowsAsked(duck, spec, selection, ports)
        : await planModel(duck, spec, ports);
    const { counts } = made;
    const { added, changed, removed } = counts.planned;
    store.event(
      'info',
      'plan',
      `Planned ${format(added)} added, ${format(changed)} changed, ${format(removed)} removed; ${format(counts.unchanged)} unchanged.`,
    );
    const { nullKeys, duplicateKeys, superseded } = counts;
    if (nullKeys + duplicateKeys > 0) {
      store.event(
        'warning',
        'plan',
        `Left out ${format(nullKeys)} rows without a key and ${format(duplicateKeys)} rows that share theirs.`,
      );
    }
    if (superseded > 0) {
      store.event(
        'warning',
        'plan',
        `Left ${format(superseded)} rows alone: something newer is known of them, or the mode does not send them.`,
      );
    }
    const held = sumCounts(counts.held);
    if (held > 0) store.event('warning', 'plan', `Held ${format(held)} rows in doubt for a person.`);
    const blobKey = `plans/${spec.workspaceId}/${spec.sync.id}/${spec.runId}-${randomUUID()}.parquet`;
    const plan: StoredPlan = {
      blobKey,
      columns: made.columns,
      size: made.size,
      counts,
      keyExamples: made.keyExamples,
    };
    const keyFilter = await keyFilterOf(duck, made);
    ports.signal.throwIfAborted();
    await ports.blobs.put(blobKey, made.path);
    await store.planned(plan, keyFilter);
    return { plan, metadata: made.metadata };
  } finally {
    duck.close();
  }
}

async function planModel(duck: Duck, spec: RunSpecification, ports: RunPorts): Promise<MadePlan> {
  const { store } = ports;
  await store.enter('extract');
  store.event('info', 'extract', `Reading the model "${spec.model.name}".`);
  const filter = spec.selection?.type === 'filter' ? spec.selection.filter : null;
  return makePlan(duck, { ...spec, filter }, ports, {
    read: (rows) => store.progress({ ...noRunCounts(), queried: rows }, 0, `Read ${format(rows)} rows`),
    comparing: () => store.progress(noRunCounts(), 0, 'Comparing rows in the source'),
    declined: (reason) =>
      store.event('info', 'extract', `Rows are compared in Sluice, not in the source. ${reason}`),
    unreachable: ({ code, message }) =>
      store.event('warning', 'extract', `The source is asked again: ${message}`, { reason: code }),
    complete: async ({ rows, bytes, differing }) => {
      const message =
        differing === null
          ? `Read ${format(rows)} rows.`
          : `Compared ${format(rows)} rows in the source, and read ${format(differing)} that may have changed or are gone.`;
      store.event('info', 'extract', message, { rows, bytes });
      await store.enter('plan');
    },
  });
}

async function planRowsAsked(
  duck: Duck,
  spec: RunSpecification,
  selection: AskedSelection,
  ports: RunPorts,
): Promise<MadePlan> {
  await ports.store.enter('plan');
  await duck.widen();
  ports.store.event('info', 'plan', 'Choosing the rows that were asked for.');
  return planAsked(duck, spec, selection, ports);
}

/** Delivers what is left of a plan, commits, and ends the run. */
async function finishRun(
  spec: RunSpecification,
  ports: RunPorts,
  stored: StoredPlan,
  known: { readonly resumed: boolean; readonly metadata: PlanMetadata | null },
): Promise<void> {
  const { store } = ports;
  // Without the signal: what was acknowledged is committed after a cancel too.
  const duck = await openDuck({ workDirectory: ports.workDirectory, ...ports.duckdb });
  let file: LocalFile | null = null;
  try {
    let metadata: PlanMetadata;
    try {
      file = await ports.blobs.read(stored.blobKey);
      metadata = known.metadata ?? (await describePlan(duck, file.path));
    } catch (thrown) {
      const error = toSluiceError(thrown);
      if (error.code !== 'plan_missing') throw thrown;
      return await endWithoutPlan(duck, spec, ports, { counts: stored.counts, error });
    }
    if (isMuch(stored)) await duck.widen();
    const plan: OpenPlan = { duck, path: file.path, metadata, size: stored.size, counts: stored.counts };
    let book = await openBook(duck, known.resumed ? store : null, stored.counts);
    const stopped = guardError(spec, plan, book);
    if (stopped) {
      store.event('error', 'plan', stopped.message);
      await store.end(endOf({ status: 'failed', counts: closeCounts(stored.counts), error: stopped }));
      return;
    }
    const { failure, unanswered, shared } = await deliverPlan(spec, ports, plan, book);
    if (leaves(ports)) throw new LeaseLost({ unanswered: unanswered.length > 0 });
    if (ports.chunks && (shared || ports.chunks.resumed)) {
      await withdrawChunks(ports.chunks);
      // With what the others have done.
      book = await openBook(duck, store, stored.counts);
    }
    await settleDoubts(plan, book, unanswered, store);
    await commitAndEnd(spec, ports, plan, book, failure);
  } finally {
    duck.close();
    await file?.release();
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
): Promise<Delivery & { readonly shared: boolean }> {
  const { store, chunks } = ports;
  const empty = sumSent(plan.counts) === 0;
  if ((empty && !writesEmptyFile(spec, ports)) || ports.signal.aborted) {
    return { failure: null, unanswered: [], shared: false };
  }
  await store.enter('deliver');
  let shared = false;
  try {
    const variables = runVariables(spec);
    const map = compileMappings(spec.configuration, variables);
    const writer = await openWriter(spec, ports);
    try {
      const { metadata } = plan;
      const payloads = compilePayloads(writer, { metadata, configuration: spec.configuration, variables });
      const delivery = {
        ...ports,
        ...{ plan, writer, map, payloads },
        places: createPlaces(writer.limits.concurrency),
        trouble: { inRow: 0, parkedMs: 0 },
        runLabel: runLabel(spec),
      };
      if (empty) {
        const failure = writer.files ? await deliverEmptyFile(writer.files, delivery) : null;
        return { failure: ports.signal.aborted ? null : failure, unanswered: [], shared };
      }
      const cut = chunks ? cutPlan(plan.counts, cutLimits(writer), chunks.rowsMin) : [];
      shared = chunks !== undefined && (cut.length > 0 || chunks.resumed) && (await chunks.offer(cut));
      if (chunks && shared) {
        const show = (progress: ChunkedProgress): void =>
          showProgress(store, withProgress(plan.counts, progress));
        return { failure: await leadChunks(delivery, chunks, show), unanswered: [], shared };
      }
      const delivered = await deliver(wholePlan(plan, book, store), delivery);
      const { parkedMs } = delivery.trouble;
      if (parkedMs > 0 && !delivered.failure && !ports.signal.aborted) {
        throw new LeaseLost(delivered.unanswered.length > 0 ? { unanswered: true } : { parkedMs });
      }
      return { ...delivered, shared };
    } finally {
      await writer.close();
    }
  } catch (thrown) {
    if (thrown instanceof StoreFailure || thrown instanceof LeaseLost) throw thrown;
    return { failure: ports.signal.aborted ? null : toSluiceError(thrown), unanswered: [], shared };
  }
}

/** Whether a run without rows writes a file: one that is about the whole model, and sends what it finds. */
const writesEmptyFile = (spec: RunSpecification, { destination }: RunPorts): boolean =>
  !spec.selection && spec.resync !== 'reset' && destination.writesEmptyFiles?.(spec.configuration) === true;

/** What is left of a plan that one worker delivers alone. */
const wholePlan = (plan: OpenPlan, book: OutcomeBook, store: RunStore): Consignment => ({
  plan,
  ranges: sentRanges(plan.counts),
  doubtful: book.doubtful,
  get settled() {
    return book.settled;
  },
  settle(outcomes) {
    book.settle(outcomes);
    showProgress(store, book.counts);
  },
});

function showProgress(store: RunStore, counts: RunCounts): void {
  const done = sumCounts(counts.delivered) + sumCounts(counts.rejected) + sumCounts(counts.uncertain);
  store.progress(counts, completionRatio(counts), `Sent ${format(done)} of ${format(sumSent(counts))} rows`);
}

/** The counts of a plan with what all its workers have done. */
function withProgress(planned: RunCounts, { delivered, rejected, uncertain }: ChunkedProgress): RunCounts {
  return { ...planned, delivered, rejected, uncertain };
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
  const ledger = movesLedger(spec, plan, counts)
    ? await commitLedger(plan, {
        blobs: ports.blobs,
        name: `ledgers/${spec.workspaceId}/${spec.sync.id}/${spec.runId}`,
        settled: book.settled,
        resync: spec.resync,
        workDirectory: ports.workDirectory,
      })
    : null;
  if (leaves(ports)) throw new LeaseLost();
  if (failure) store.event('error', 'deliver', failure.message, { code: failure.code });
  const cancelled = stopReason(ports.signal) === 'cancelled';
  const status = cancelled
    ? 'cancelled'
    : failure
      ? 'failed'
      : sumPending(counts) > 0
        ? 'warning'
        : 'success';
  store.event(
    status === 'success' || cancelled ? 'info' : 'warning',
    'commit',
    `Delivered ${format(sumCounts(counts.delivered))}, rejected ${format(sumCounts(counts.rejected))}, uncertain ${format(sumCounts(counts.uncertain))}, held ${format(sumCounts(counts.held))}, not attempted ${format(sumCounts(counts.notAttempted))} rows.`,
  );
  await store.end(endOf({ status, counts, ledger, error: cancelled ? null : failure }));
}

/** Whether the run says anything that the old ledger does not. */
function movesLedger(spec: RunSpecification, plan: OpenPlan, counts: RunCounts): boolean {
  const news = sumCounts(counts.delivered) + sumCounts(counts.uncertain) + sumCounts(counts.skipped);
  return news > 0 || spec.resync !== 'none' || plan.metadata.carriesUnchanged;
}

const format = (value: number): string => value.toLocaleString('en-US');
