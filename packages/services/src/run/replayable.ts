import type { Connection } from '@sluice/db/client';
import { SluiceError } from '@sluice/domain/error';
import type { RunKind, RunSelection } from '@sluice/domain/run-selection';
import { isFinal, type RunStatus } from '@sluice/domain/run-status';
import { SyncConfiguration } from '@sluice/domain/sync';
import { type SyncModeDefinition, syncModes } from '@sluice/domain/sync-mode';
import type { StoredPlan } from '@sluice/engine/ports';
import { FrozenSpecification } from './frozen-specification.ts';

interface AskedSync {
  readonly id: number;
  readonly workspaceId: number;
  readonly destinationId: number;
  readonly configuration: unknown;
  readonly pendingResync: string;
}

/** The run whose rows a selection names; `null` for one that names none. */
export const pastRunId = (selection: RunSelection): number | null =>
  selection.type === 'rows' || selection.type === 'revert' ? selection.runId : null;

/**
 * The configuration that a run of chosen rows works with: the sync's own, and for a revert one that removes the rows
 * that were added, where the mode leaves that open. Throws `run_not_replayable` when the rows no longer fit the sync,
 * and `not_found` for a run of another sync.
 */
export async function configurationOfAsked(
  db: Connection,
  kind: string,
  selection: RunSelection,
  sync: AskedSync,
): Promise<SyncConfiguration> {
  const configuration = SyncConfiguration.parse(sync.configuration);
  const mode: SyncModeDefinition = syncModes[configuration.mode];
  if (mode.resends) {
    // Some rows alone would take the place of all.
    throw notReplayable(
      `In the mode "${mode.label}" each run writes the whole model, so single rows cannot be sent.`,
      'Run the sync: it sends all rows each time.',
    );
  }
  if (selection.type === 'filter') return configuration;
  if (sync.pendingResync === 'full') {
    throw new SluiceError(
      'run_not_replayable',
      'The next run of this sync sends every row again, because what it knew of the destination is no longer true.',
    );
  }
  const runId = pastRunId(selection);
  const past = runId === null ? null : await assertPast(db, runId, sync, configuration);
  const reverts = kind === ('revert' satisfies RunKind) || past?.kind === 'revert';
  const removable = mode.operations.removed === 'choice';
  return reverts && removable ? { ...configuration, deleteBehaviour: 'delete' } : configuration;
}

async function assertPast(
  db: Connection,
  runId: number,
  sync: AskedSync,
  configuration: SyncConfiguration,
): Promise<{ kind: string }> {
  const past = await db.run.findFirst({
    where: { id: runId, workspaceId: sync.workspaceId, syncId: sync.id },
    select: {
      kind: true,
      status: true,
      specification: true,
      plan: true,
      prunedAt: true,
      resultsPrunedAt: true,
      finishedAt: true,
    },
  });
  if (!past) throw new SluiceError('not_found', `There is no run ${runId} of this sync.`);
  if (!isFinal(past.status as RunStatus))
    throw notReplayable(`Run ${runId} has not ended yet.`, 'Wait until it has ended, or cancel it.');
  const plan = past.plan as StoredPlan | null;
  if (!plan || !past.specification) throw notReplayable(`Run ${runId} ended before it planned any row.`);
  if (past.prunedAt || past.resultsPrunedAt)
    throw notReplayable(`The rows of run ${runId} are no longer kept.`);
  const then = FrozenSpecification.parse(past.specification);
  if (then.destinationId !== sync.destinationId || then.configuration.object !== configuration.object)
    throw notReplayable(`Run ${runId} wrote to another object than the sync writes to now.`);
  return past;
}

const notReplayable = (message: string, fix?: string): SluiceError =>
  new SluiceError('run_not_replayable', message, fix === undefined ? {} : { fix });
