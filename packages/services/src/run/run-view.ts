import type { RunCounts } from '@sluice/domain/change';
import { noRunCounts } from '@sluice/domain/change';
import type { ErrorView } from '@sluice/domain/error';
import { errorCodes } from '@sluice/domain/error-code';
import type { RunTrigger, RunView, StageTiming } from '@sluice/domain/run';
import type { RunPace } from '@sluice/domain/run-pace';
import type { RunKind, SelectionView } from '@sluice/domain/run-selection';
import type { RunStage, RunStatus } from '@sluice/domain/run-status';
import type { ResyncKind } from '@sluice/domain/sync';

/** Columns that make a RunView; the specification and the plan stay behind. */
export const runSelect = {
  id: true,
  syncId: true,
  status: true,
  kind: true,
  about: true,
  trigger: true,
  triggeredBy: true,
  resync: true,
  counts: true,
  completionRatio: true,
  progress: true,
  pace: true,
  stages: true,
  error: true,
  createdAt: true,
  startedAt: true,
  finishedAt: true,
  cancelRequestedAt: true,
  sync: {
    select: {
      slug: true,
      model: { select: { name: true } },
      destination: { select: { name: true, type: true } },
    },
  },
} as const;

export interface RunRecord {
  id: number;
  syncId: number;
  status: string;
  kind: string;
  about: unknown;
  trigger: string;
  triggeredBy: string;
  resync: string;
  counts: unknown;
  completionRatio: number;
  progress: string | null;
  pace: unknown;
  stages: unknown;
  error: unknown;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  cancelRequestedAt: Date | null;
  sync: { slug: string; model: { name: string }; destination: { name: string; type: string } };
}

/** A run as people see it. Counts are complete from the first moment, as zeros. */
export function runView(run: RunRecord): RunView {
  return {
    id: run.id,
    syncId: run.syncId,
    syncSlug: run.sync.slug,
    modelName: run.sync.model.name,
    destinationName: run.sync.destination.name,
    destinationType: run.sync.destination.type,
    status: run.status as RunStatus,
    kind: run.kind as RunKind,
    selection: run.about as SelectionView | null,
    trigger: run.trigger as RunTrigger,
    triggeredBy: run.triggeredBy,
    resync: run.resync as ResyncKind,
    counts: runCountsOf(run.counts),
    completionRatio: run.completionRatio,
    progress: run.progress,
    pace: freshPace(run.pace, new Date()),
    stages: stagesOf(run.stages),
    error: errorOf(run.error),
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    cancelRequestedAt: run.cancelRequestedAt,
  };
}

/** So old, a pace is of a worker that is gone; clocks of two machines differ by less. */
const paceMsMax = 10_000;

function freshPace(stored: unknown, now: Date): RunPace | null {
  if (!stored) return null;
  const { at, rowsPerSecond, leftMs } = stored as RunPace & { at: string };
  return now.getTime() - new Date(at).getTime() > paceMsMax ? null : { rowsPerSecond, leftMs };
}

/** Counts as stored; zeros before the run planned anything. */
export function runCountsOf(stored: unknown): RunCounts {
  return { ...noRunCounts(), ...((stored ?? {}) as Partial<RunCounts>) };
}

/** Stage times as stored. */
export function stagesOf(stored: unknown): StageTiming[] {
  const stages = (stored ?? []) as { stage: RunStage; startedAt: string; finishedAt: string | null }[];
  return stages.map(({ stage, startedAt, finishedAt }) => ({
    stage,
    startedAt: new Date(startedAt),
    finishedAt: finishedAt === null ? null : new Date(finishedAt),
  }));
}

/** An error as stored with a run; `null` without one. */
export function errorOf(stored: unknown): ErrorView | null {
  if (!stored) return null;
  const error = stored as ErrorView;
  return { ...error, fault: errorCodes[error.code]?.fault ?? 'ours' };
}
