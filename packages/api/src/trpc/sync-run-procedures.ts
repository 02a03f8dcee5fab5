import { DraftSync, TestRow, TriggerSync } from '@sluice/domain/sync';
import { dryRun } from '@sluice/services/sync/dry-run';
import { previewRows } from '@sluice/services/sync/preview-rows';
import { testRow } from '@sluice/services/sync/test-row';
import { triggerSync } from '@sluice/services/sync/trigger-sync';
import { workspaceProcedure } from './procedure.ts';
import { requestSignal } from './request-signal.ts';

const write = workspaceProcedure('sync.write');

/** The procedures of a sync that read its rows or send them; part of the sync router. */
export const syncRunProcedures = {
  previewRows: write
    .input(DraftSync)
    .mutation(({ ctx, input, signal }) => previewRows(ctx.services, ctx.actor, input, requestSignal(signal))),
  testRow: write
    .input(TestRow)
    .mutation(({ ctx, input, signal }) => testRow(ctx.services, ctx.actor, input, requestSignal(signal))),
  dryRun: write
    .input(DraftSync)
    .mutation(({ ctx, input, signal }) => dryRun(ctx.services, ctx.actor, input, requestSignal(signal))),
  trigger: workspaceProcedure('sync.trigger')
    .input(TriggerSync)
    .mutation(({ ctx, input }) => triggerSync(ctx.services, ctx.actor, input)),
};
