import { type Actor, authorise } from '@sluice/domain/actor';
import type { DryRunResult } from '@sluice/domain/dry-run';
import type { RevertRun } from '@sluice/domain/run-selection';
import type { ServiceContext } from '../context.ts';
import { dryRunAsked } from './dry-run-asked.ts';

/** What a revert would do now: the values that would come back, the rows that would go, and those left alone. */
export async function previewRevert(
  ctx: ServiceContext,
  actor: Actor,
  input: RevertRun,
  options: { signal: AbortSignal },
): Promise<DryRunResult> {
  authorise(actor, 'run.rows');
  const { runId, added } = input;
  return dryRunAsked(ctx, actor, { kind: 'revert', selection: { type: 'revert', runId, added } }, options);
}
