import { ReplayRun, RevertRun } from '@sluice/domain/run-selection';
import { previewReplay } from '@sluice/services/dry-run/preview-replay';
import { previewRevert } from '@sluice/services/dry-run/preview-revert';
import { allowRun } from '@sluice/services/run/allow-run';
import { replayRun } from '@sluice/services/run/replay-run';
import { revertRun } from '@sluice/services/run/revert-run';
import { IdInput } from './id-input.ts';
import { workspaceProcedure } from './procedure.ts';
import { requestSignal } from './request-signal.ts';

const readRows = workspaceProcedure('run.rows');

/** The procedures that send rows of an ended run again, or take them back; part of the run router. */
export const runRepairProcedures = {
  allow: workspaceProcedure('sync.trigger')
    .input(IdInput)
    .mutation(({ ctx, input }) => allowRun(ctx.services, ctx.actor, input)),
  replay: workspaceProcedure('sync.trigger')
    .input(ReplayRun)
    .mutation(({ ctx, input }) => replayRun(ctx.services, ctx.actor, input)),
  previewReplay: readRows
    .input(ReplayRun)
    .mutation(({ ctx, input, signal }) =>
      previewReplay(ctx.services, ctx.actor, input, requestSignal(signal)),
    ),
  revert: workspaceProcedure('sync.write')
    .input(RevertRun)
    .mutation(({ ctx, input }) => revertRun(ctx.services, ctx.actor, input)),
  previewRevert: readRows
    .input(RevertRun)
    .mutation(({ ctx, input, signal }) =>
      previewRevert(ctx.services, ctx.actor, input, requestSignal(signal)),
    ),
};
