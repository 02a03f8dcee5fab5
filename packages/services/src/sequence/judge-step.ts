import { isFinal, type RunStatus } from '@sluice/domain/run-status';
import type { StepPolicy } from '@sluice/domain/sequence';

/** What is known about a step that began, or could not begin. */
export interface StepFacts {
  readonly policy: StepPolicy;
  readonly run: {
    readonly id: number;
    readonly status: RunStatus;
    readonly plannedRows: number;
    readonly rejectedRows: number;
    /** Why it failed, in a sentence. */
    readonly reason: string | null;
  } | null;
  /** Why it could not begin, in a sentence; also when its run is gone. */
  readonly refusal: string | null;
}

/** Whether the sequence waits for the step, goes on after it, or stops because of it; then with the reason. */
export type StepVerdict =
  | { readonly next: 'wait' }
  | { readonly next: 'go_on' }
  | { readonly next: 'stop'; readonly reason: string };

/**
 * Judges a step by its policy. Fatal is everything but `success` and `warning`: failed, cancelled, interrupted, could
 * not begin. The share of rejected rows is that of the rows the run planned.
 */
export function judgeStep({ policy, run, refusal }: StepFacts): StepVerdict {
  if (run && !isFinal(run.status)) return { next: 'wait' };
  const fatal = refusal ?? (run && fatalReason(run));
  if (policy.type === 'continue') return { next: 'go_on' };
  if (fatal) return { next: 'stop', reason: fatal };
  if (policy.type === 'stop_on_fatal' || !run || run.plannedRows === 0) return { next: 'go_on' };
  const share = run.rejectedRows / run.plannedRows;
  if (share <= policy.rejectedShareMax) return { next: 'go_on' };
  const rows = `run ${run.id} had ${run.rejectedRows} of ${run.plannedRows} rows rejected`;
  return {
    next: 'stop',
    reason: `${rows} (${percent(share)}), and ${percent(policy.rejectedShareMax)} are allowed`,
  };
}

function fatalReason(run: NonNullable<StepFacts['run']>): string | null {
  if (run.status === 'success' || run.status === 'warning') return null;
  const ending = run.status === 'failed' ? 'failed' : `was ${run.status}`;
  return `run ${run.id} ${ending}${run.reason ? `: ${run.reason.replace(/\.$/, '')}` : ''}`;
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;
