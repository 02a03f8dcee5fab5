import type { Actor } from '@sluice/domain/actor';
import type { DryRunResult } from '@sluice/domain/dry-run';
import type { RunKind, RunSelection } from '@sluice/domain/run-selection';
import { askedDryRun } from '@sluice/engine/look/asked-dry-run';
import type { ServiceContext } from '../context.ts';
import { getSyncIdOfRun } from '../run/get-sync-id-of-run.ts';
import { openPastRun } from '../run/past-run.ts';
import { configurationOfAsked } from '../run/replayable.ts';
import { getSyncRow } from '../sync/get-sync.ts';
import { withDraft } from '../sync/with-draft.ts';
import { keepDryRun } from './keep-dry-run.ts';

/** What a run about rows of an earlier run would do now; nothing is sent. Throws as the run would. */
export async function dryRunAsked(
  ctx: ServiceContext,
  actor: Actor,
  asked: { kind: RunKind; selection: RunSelection & { type: 'rows' | 'revert' } },
  options: { signal: AbortSignal },
): Promise<DryRunResult> {
  const { kind, selection } = asked;
  const sync = await getSyncRow(ctx, actor, await getSyncIdOfRun(ctx, actor, selection.runId));
  const configuration = await configurationOfAsked(ctx.db, kind, selection, sync);
  const past = await openPastRun(ctx, actor.workspaceId, selection.runId);
  const { id, modelId, destinationId } = sync;
  return withDraft(
    ctx,
    actor,
    { id, modelId, destinationId, configuration },
    { ...options, checked: false, label: 'sluice dry run' },
    async (spec, ports) => keepDryRun(ctx, spec, await askedDryRun(spec, selection, { ...ports, past })),
  );
}
