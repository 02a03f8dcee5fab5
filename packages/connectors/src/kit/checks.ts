import type { CheckResult } from '@sluice/domain/connector';
import { toSluiceError } from '@sluice/domain/error';
import { abortError } from './aborted.ts';

/** What a check found. A failure is thrown as a SluiceError instead. */
export interface CheckFinding {
  readonly status: 'passed' | 'warning';
  readonly message: string;
  /** What to do about a warning; exact and copyable where possible. */
  readonly fix?: string;
}

export type CheckNames = readonly { readonly name: string; readonly label: string }[];

/**
 * Runs named checks in the order of the definition and yields each result as it is known. After the first failure the
 * rest are `skipped`. A check without a step is skipped as well. Never throws for a failed check; throws the signal's
 * reason when it aborts.
 */
export async function* runChecks(
  names: CheckNames,
  steps: Readonly<Record<string, Step>>,
  signal: AbortSignal,
): AsyncGenerator<CheckResult> {
  let failed = false;
  for (const { name, label } of names) {
    if (signal.aborted) throw abortError(signal);
    const step: Step | undefined = failed ? undefined : steps[name];
    if (!step) {
      yield { name, label, status: 'skipped', durationMs: 0, message: null, fix: null };
      continue;
    }
    const startedAt = performance.now();
    const finding: Finding = await step().catch((thrown: unknown) => {
      if (signal.aborted) throw abortError(signal);
      const { message, fix } = toSluiceError(thrown);
      return { status: 'failed' as const, message, fix };
    });
    failed = finding.status === 'failed';
    const durationMs = Math.round(performance.now() - startedAt);
    yield { name, label, durationMs, ...finding, fix: finding.fix ?? null };
  }
}

type Step = () => Promise<CheckFinding>;
type Finding = CheckFinding | { readonly status: 'failed'; readonly message: string; readonly fix: string };
