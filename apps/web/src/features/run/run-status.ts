import { sumCounts } from '@sluice/domain/change';
import type { RunView } from '@sluice/domain/run';
import type { RunStage, RunStatus, SyncStatus } from '@sluice/domain/run-status';
import type { Tone } from '@sluice/ui/Badge';

/** Words and tone of each status; one sentence each, shown on hover and in filters. */
export const statusWords: Record<SyncStatus, { label: string; description: string; tone: Tone }> = {
  pending: { label: 'Never run', description: 'The sync has not run yet.', tone: 'neutral' },
  disabled: { label: 'Disabled', description: 'The sync does not run until it is enabled.', tone: 'neutral' },
  queued: { label: 'Queued', description: 'Waits for a worker, or for the run before it.', tone: 'neutral' },
  querying: {
    label: 'Querying',
    description: 'Reads the rows of the model from the source.',
    tone: 'accent',
  },
  processing: {
    label: 'Sending',
    description: 'Compares the rows with what was delivered, and sends what changed.',
    tone: 'accent',
  },
  reporting: { label: 'Finishing', description: 'Records what was delivered.', tone: 'accent' },
  success: {
    label: 'Success',
    description: 'Every row that had to be sent was delivered.',
    tone: 'positive',
  },
  warning: {
    label: 'Rows pending',
    description:
      'The run finished, but some rows were rejected, are in doubt, or wait for a decision. The run page says which.',
    tone: 'caution',
  },
  failed: {
    label: 'Failed',
    description: 'The run could not finish. What was delivered is remembered; the rest is planned again.',
    tone: 'critical',
  },
  cancelled: {
    label: 'Cancelled',
    description: 'Somebody stopped the run. What was delivered is remembered; the rest is planned again.',
    tone: 'neutral',
  },
  interrupted: {
    label: 'Interrupted',
    description: 'The run ended without a result. The next run sends what is missing.',
    tone: 'caution',
  },
};

/** Names of the stages, as the timeline and the log show them. */
export const stageWords: Record<RunStage, { label: string; description: string }> = {
  queued: { label: 'Queued', description: 'Waiting for a worker.' },
  extract: { label: 'Extract', description: 'Reading all rows of the model from the source.' },
  plan: { label: 'Plan', description: 'Comparing the rows with what the destination has acknowledged.' },
  deliver: { label: 'Deliver', description: 'Sending added, changed and removed rows to the destination.' },
  commit: { label: 'Commit', description: 'Recording what was delivered, for the next run to compare with.' },
};

/** How a run was started. */
export const triggerWords = {
  manual: 'by hand',
  schedule: 'by schedule',
  api: 'by API',
  sample: 'by first start',
  sequence: 'by a sequence',
} as const;

export const isRunning = (status: RunStatus): boolean =>
  status === 'queued' || status === 'querying' || status === 'processing' || status === 'reporting';

/**
 * The stage in which a run failed, `null` for one that did not. What was delivered is recorded after a failure too:
 * then the stage before is the one, unless it is known of every row what became of it.
 */
export function failedStage({
  status,
  stages,
  counts,
}: Pick<RunView, 'status' | 'stages' | 'counts'>): RunStage | null {
  if (status !== 'failed') return null;
  const open = sumCounts(counts.notAttempted) + sumCounts(counts.uncertain);
  const [last, before] = [stages.at(-1)?.stage, stages.at(-2)?.stage];
  return last === 'commit' && before && open > 0 ? before : (last ?? null);
}

const failurePlaces: Record<RunStage, string> = {
  queued: 'before it began',
  extract: 'while the rows were read',
  plan: 'while the rows were compared',
  deliver: 'while rows were sent',
  commit: 'while the result was recorded',
};

/** Title of the error of a failed run: where it happened, or that it has to wait for a quota. */
export function failureTitle(run: Pick<RunView, 'status' | 'stages' | 'counts' | 'error'>): string {
  if (run.error?.code === 'destination_quota') return 'The run stopped at the quota of the destination.';
  return `The run failed ${failurePlaces[failedStage(run) ?? 'queued']}.`;
}
