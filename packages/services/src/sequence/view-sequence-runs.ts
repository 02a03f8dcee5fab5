import type { Database } from '@sluice/db/client';
import { sumCounts } from '@sluice/domain/change';
import type { MissedTimes } from '@sluice/domain/missed-schedule';
import type { RunStatus } from '@sluice/domain/run-status';
import type {
  SequenceRunStatus,
  SequenceRunStepView,
  SequenceRunView,
  SequenceTrigger,
} from '@sluice/domain/sequence';
import { errorOf, runCountsOf } from '../run/run-view.ts';
import { policyOf } from './step-policy.ts';

/** What a sequence run is loaded with to be shown. */
export const sequenceRunInclude = {
  sequence: { select: { name: true } },
  steps: { orderBy: { position: 'asc' } },
} as const;

interface StepRow {
  position: number;
  syncId: number;
  syncSlug: string;
  policy: string;
  rejectedShareMax: number | null;
  runId: number | null;
  error: unknown;
}

interface SequenceRunRow {
  id: string;
  workspaceId: number;
  sequenceId: string;
  status: string;
  trigger: string;
  triggeredBy: string;
  missed: unknown;
  error: unknown;
  cancelRequestedAt: Date | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  sequence: { name: string };
  steps: StepRow[];
}

/** Sequence runs as people see them, in the order given, with what became of each step. Two queries at most. */
export async function viewSequenceRuns(
  db: Pick<Database, 'run'>,
  workspaceId: number,
  rows: readonly SequenceRunRow[],
): Promise<SequenceRunView[]> {
  const ids = rows.flatMap(({ steps }) => steps.flatMap(({ runId }) => (runId === null ? [] : [runId])));
  const runs = ids.length === 0 ? [] : await findRuns(db, workspaceId, ids);
  const byId = new Map(runs.map((run) => [run.id, run]));
  return rows.map((row) => ({
    id: row.id,
    sequenceId: row.sequenceId,
    sequenceName: row.sequence.name,
    status: row.status as SequenceRunStatus,
    trigger: row.trigger as SequenceTrigger,
    triggeredBy: row.triggeredBy,
    missed: missedOf(row.missed),
    steps: row.steps.map((step) => stepView(step, step.runId === null ? undefined : byId.get(step.runId))),
    error: errorOf(row.error),
    cancelRequestedAt: row.cancelRequestedAt,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
  }));
}

function missedOf(stored: unknown): MissedTimes | null {
  if (!stored) return null;
  const missed = stored as Omit<MissedTimes, 'firstAt' | 'lastAt'> & Record<'firstAt' | 'lastAt', string>;
  return { ...missed, firstAt: new Date(missed.firstAt), lastAt: new Date(missed.lastAt) };
}

type StepRun = Awaited<ReturnType<typeof findRuns>>[number];

const findRuns = (db: Pick<Database, 'run'>, workspaceId: number, ids: number[]) =>
  db.run.findMany({
    where: { workspaceId, id: { in: ids } },
    select: { id: true, status: true, counts: true, startedAt: true, finishedAt: true, error: true },
  });

function stepView(step: StepRow, run: StepRun | undefined): SequenceRunStepView {
  const counts = runCountsOf(run?.counts);
  return {
    position: step.position,
    syncId: step.syncId,
    syncSlug: step.syncSlug,
    policy: policyOf(step),
    runId: step.runId,
    status: run ? (run.status as RunStatus) : null,
    plannedRows: sumCounts(counts.planned),
    rejectedRows: sumCounts(counts.rejected),
    startedAt: run?.startedAt ?? null,
    finishedAt: run?.finishedAt ?? null,
    error: errorOf(step.error) ?? errorOf(run?.error),
  };
}
