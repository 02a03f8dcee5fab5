import { type Actor, authorise } from '@sluice/domain/actor';
import type { DryRunResult } from '@sluice/domain/dry-run';
import type { ReplayRun } from '@sluice/domain/run-selection';
import type { ServiceContext } from '../context.ts';
import { dryRunAsked } from './dry-run-asked.ts';

/** What a replay would do now: which rows it would send, with which values, and which it would leave alone. */
export async function previewReplay(
  ctx: ServiceContext,
  actor: Actor,
  input: ReplayRun,
  options: { signal: AbortSignal },
): Promise<DryRunResult> {
  authorise(actor, 'run.rows');
  const { ignoreGuards: _, ...rows } = input;
  return dryRunAsked(ctx, actor, { kind: 'replay', selection: { type: 'rows', ...rows } }, options);
}
