import { type Actor, authorise } from '@sluice/domain/actor';
import type { DraftSync, DryRunResult } from '@sluice/domain/sync';
import { dryRun as dryRunInEngine } from '@sluice/engine/dry-run';
import type { ServiceContext } from '../context.ts';
import { withDraft } from './with-draft.ts';

/**
 * What a run of this draft would do: counts, samples, requests, and whether a guard would stop it. Reads the whole
 * model and compares it with what the saved sync has delivered; nothing is sent or stored. Throws as a run would.
 */
export async function dryRun(
  ctx: ServiceContext,
  actor: Actor,
  input: DraftSync,
  options: { signal: AbortSignal },
): Promise<DryRunResult> {
  authorise(actor, 'sync.write');
  return withDraft(ctx, actor, input, { ...options, checked: true, label: 'sluice dry run' }, dryRunInEngine);
}
