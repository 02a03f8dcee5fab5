import { type Actor, authorise } from '@sluice/domain/actor';
import type { DryRunResult } from '@sluice/domain/dry-run';
import type { Rollout } from '@sluice/domain/edit-effect';
import { type DraftSync, type DryRunSync, type ResyncKind, SyncConfiguration } from '@sluice/domain/sync';
import { dryRun as dryRunInEngine } from '@sluice/engine/look/dry-run';
import type { EnginePorts } from '@sluice/engine/run';
import type { ServiceContext } from '../context.ts';
import { resyncOf } from '../run/resync-of.ts';
import { effectsOfEdit, pendingAfter } from '../sync/edit-effects.ts';
import { getSyncRow } from '../sync/get-sync.ts';
import { referencedColumns } from '../sync/referenced-columns.ts';
import { withDraft } from '../sync/with-draft.ts';
import { keepDryRun } from './keep-dry-run.ts';
import { tellDryRun } from './tell-dry-run.ts';

/**
 * What a run of this draft would do: counts, fields, samples, requests, and whether a guard would stop it. Reads the
 * whole model and compares it with what the saved sync has delivered; nothing is sent, and only the plan is kept, for a
 * day. Stops when the signal aborts. Throws as a run would.
 */
export async function dryRun(
  ctx: ServiceContext,
  actor: Actor,
  input: DryRunSync,
  options: { signal: AbortSignal },
): Promise<DryRunResult> {
  authorise(actor, 'sync.write');
  const { backfill, rollout, watch, ...draft } = input;
  return withDraft(
    ctx,
    actor,
    draft,
    { ...options, checked: true, label: 'sluice dry run' },
    async (spec, ports) => {
      const resync = backfill ? 'backfill' : await resyncAfter(ctx, actor, draft, rollout, ports.destination);
      const filter = backfill && backfill.length > 0 ? backfill : null;
      const tell = tellDryRun(ctx, actor.workspaceId, watch);
      return keepDryRun(ctx, spec, await dryRunInEngine({ ...spec, resync, filter }, ports, tell));
    },
  );
}

/** How the next run would treat what was delivered before, were the draft saved. */
async function resyncAfter(
  ctx: ServiceContext,
  actor: Actor,
  draft: DraftSync,
  rollout: Rollout | undefined,
  destination: EnginePorts['destination'],
): Promise<ResyncKind> {
  const { configuration } = draft;
  if (draft.id === undefined) return resyncOf('none', 'none', configuration, null);
  const sync = await getSyncRow(ctx, actor, draft.id);
  const before = SyncConfiguration.parse(sync.configuration);
  const effects = effectsOfEdit(
    { configuration: before, columns: referencedColumns(before, destination) },
    { configuration, columns: referencedColumns(configuration, destination) },
    { ledgerRows: sync.ledgerKey === null ? 0 : sync.ledgerRows, modelColumns: [] },
  );
  const pending = pendingAfter(effects, rollout, sync.pendingResync as ResyncKind);
  return resyncOf('none', pending, configuration, sync.ledgerKey);
}
