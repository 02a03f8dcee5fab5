import { CreateSequence, ListSequenceRuns, SequenceIdInput, UpdateSequence } from '@sluice/domain/sequence';
import { cancelSequenceRun } from '@sluice/services/sequence/cancel-sequence-run';
import { createSequence } from '@sluice/services/sequence/create-sequence';
import { getSequence } from '@sluice/services/sequence/get-sequence';
import { getSequenceRun } from '@sluice/services/sequence/get-sequence-run';
import { listSequenceRuns } from '@sluice/services/sequence/list-sequence-runs';
import { listSequences } from '@sluice/services/sequence/list-sequences';
import { removeSequence } from '@sluice/services/sequence/remove-sequence';
import { triggerSequence } from '@sluice/services/sequence/trigger-sequence';
import { updateSequence } from '@sluice/services/sequence/update-sequence';
import { router, workspaceProcedure } from './procedure.ts';

const read = workspaceProcedure('sync.read');
const write = workspaceProcedure('sync.write');
const run = workspaceProcedure('sync.trigger');
const readRuns = workspaceProcedure('run.read');

/** Sequences: syncs that run one after the other. */
export const sequenceRouter = router({
  list: read.query(({ ctx }) => listSequences(ctx.services, ctx.actor)),
  get: read.input(SequenceIdInput).query(({ ctx, input }) => getSequence(ctx.services, ctx.actor, input)),
  create: write
    .input(CreateSequence)
    .mutation(({ ctx, input }) => createSequence(ctx.services, ctx.actor, input)),
  update: write
    .input(UpdateSequence)
    .mutation(({ ctx, input }) => updateSequence(ctx.services, ctx.actor, input)),
  remove: write
    .input(SequenceIdInput)
    .mutation(({ ctx, input }) => removeSequence(ctx.services, ctx.actor, input)),
  trigger: run
    .input(SequenceIdInput)
    .mutation(({ ctx, input }) => triggerSequence(ctx.services, ctx.actor, input)),
  runs: readRuns
    .input(ListSequenceRuns)
    .query(({ ctx, input }) => listSequenceRuns(ctx.services, ctx.actor, input)),
  run: readRuns
    .input(SequenceIdInput)
    .query(({ ctx, input }) => getSequenceRun(ctx.services, ctx.actor, input)),
  cancel: run
    .input(SequenceIdInput)
    .mutation(({ ctx, input }) => cancelSequenceRun(ctx.services, ctx.actor, input)),
});
