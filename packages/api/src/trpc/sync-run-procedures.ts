import { DecideDoubts, ListDoubts } from '@sluice/domain/doubt';
import { FollowDryRun, ListDryRunRows } from '@sluice/domain/dry-run';
import { DraftSync, DryRunSync, TestRow, TriggerSync } from '@sluice/domain/sync';
import { dryRun } from '@sluice/services/dry-run/dry-run';
import { followDryRun } from '@sluice/services/dry-run/follow-dry-run';
import { listDryRunRows } from '@sluice/services/dry-run/list-dry-run-rows';
import { decideDoubts } from '@sluice/services/sync/decide-doubts';
import { listDoubts } from '@sluice/services/sync/list-doubts';
import { previewRows } from '@sluice/services/sync/preview-rows';
import { testRow } from '@sluice/services/sync/test-row';
import { triggerSync } from '@sluice/services/sync/trigger-sync';
import { workspaceProcedure } from './procedure.ts';
import { requestSignal } from './request-signal.ts';

const write = workspaceProcedure('sync.write');
const readRows = workspaceProcedure('run.rows');

/** The procedures of a sync that read its rows or send them; part of the sync router. */
export const syncRunProcedures = {
  previewRows: write
    .input(DraftSync)
    .mutation(({ ctx, input, signal }) => previewRows(ctx.services, ctx.actor, input, requestSignal(signal))),
  testRow: write
    .input(TestRow)
    .mutation(({ ctx, input, signal }) => testRow(ctx.services, ctx.actor, input, requestSignal(signal))),
  dryRun: write
    .input(DryRunSync)
    .mutation(({ ctx, input, signal }) => dryRun(ctx.services, ctx.actor, input, requestSignal(signal))),
  followDryRun: write.input(FollowDryRun).subscription(async function* ({ ctx, input, signal }) {
    yield* followDryRun(ctx.services, ctx.actor, input, requestSignal(signal).signal);
  }),
  dryRunRows: readRows
    .input(ListDryRunRows)
    .query(({ ctx, input }) => listDryRunRows(ctx.services, ctx.actor, input)),
  doubts: readRows.input(ListDoubts).query(({ ctx, input }) => listDoubts(ctx.services, ctx.actor, input)),
  decideDoubts: write
    .input(DecideDoubts)
    .mutation(({ ctx, input }) => decideDoubts(ctx.services, ctx.actor, input)),
  trigger: workspaceProcedure('sync.trigger')
    .input(TriggerSync)
    .mutation(({ ctx, input }) => triggerSync(ctx.services, ctx.actor, input)),
};
