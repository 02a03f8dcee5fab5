import type { SequenceRunStatus, StepPolicy, StepPolicyName } from '@sluice/domain/sequence';
import type { Tone } from '@sluice/ui/Badge';

/** Words and tone of each status; one sentence each, shown on hover. */
export const sequenceStatusWords: Record<
  SequenceRunStatus,
  { label: string; description: string; tone: Tone }
> = {
  pending: {
    label: 'Pending',
    description: 'Starts within a second, or when the run before it has ended.',
    tone: 'neutral',
  },
  running: { label: 'Running', description: 'A step is under way.', tone: 'accent' },
  done: {
    label: 'Done',
    description: 'Every step has run, and each ended as its policy demands.',
    tone: 'positive',
  },
  failed: {
    label: 'Stopped',
    description: 'A step did not end as its policy demands, so the steps after it did not run.',
    tone: 'critical',
  },
  cancelled: { label: 'Cancelled', description: 'Somebody stopped it.', tone: 'neutral' },
};

/** What can be chosen for a step, in one sentence each. */
export const policyWords: Record<StepPolicyName, { label: string; help: string }> = {
  stop_on_fatal_or_rejections: {
    label: 'Stop on failure or rejected rows',
    help: 'The steps after it run only if it finishes and few enough rows are rejected.',
  },
  stop_on_fatal: {
    label: 'Stop on failure',
    help: 'The steps after it run if it finishes, however many rows are rejected.',
  },
  continue: { label: 'Always go on', help: 'The steps after it run whatever happens to it.' },
};

/** A policy as a step shows it: `Stops on failure or above 5 % rejected rows`. */
export function policyText(policy: StepPolicy): string {
  if (policy.type === 'continue') return 'Always goes on';
  if (policy.type === 'stop_on_fatal') return 'Stops on failure';
  if (policy.rejectedShareMax === 0) return 'Stops on failure or any rejected row';
  return `Stops on failure or above ${percentOf(policy.rejectedShareMax)} % rejected rows`;
}

/** A share as a percentage without the noise of floating point: 0.07 is 7. */
export const percentOf = (share: number): number => Number((share * 100).toFixed(4));

/** Whether a run goes on or waits to. */
export const isUnderWay = (status: SequenceRunStatus): boolean =>
  status === 'pending' || status === 'running';
