import { SyncEffectInput } from '@sluice/domain/edit-effect';
import { Id } from '@sluice/domain/id';
import { CreateSync, UpdateSync } from '@sluice/domain/sync';
import { createSync } from '@sluice/services/sync/create-sync';
import { effectOfEdit } from '@sluice/services/sync/effect-of-edit';
import { getSync } from '@sluice/services/sync/get-sync';
import { listSyncs } from '@sluice/services/sync/list-syncs';
import { removeSync } from '@sluice/services/sync/remove-sync';
import { suggestMappings } from '@sluice/services/sync/suggest-mappings';
import { updateSync } from '@sluice/services/sync/update-sync';
import { z } from 'zod';
import { IdInput } from './id-input.ts';
import { router, workspaceProcedure } from './procedure.ts';
import { requestSignal } from './request-signal.ts';
import { syncHealthProcedures } from './sync-health-procedures.ts';
import { syncRunProcedures } from './sync-run-procedures.ts';

const read = workspaceProcedure('sync.read');
const write = workspaceProcedure('sync.write');

const SuggestMappings = z.strictObject({
  modelId: Id,
  destinationId: Id,
  object: z.string().min(1).max(400),
});

/** Syncs: what goes where, how, and when. */
export const syncRouter = router({
  ...syncRunProcedures,
  ...syncHealthProcedures,
  list: read.query(({ ctx }) => listSyncs(ctx.services, ctx.actor)),
  get: read.input(IdInput).query(({ ctx, input }) => getSync(ctx.services, ctx.actor, input)),
  create: write
    .input(CreateSync)
    .mutation(({ ctx, input, signal }) => createSync(ctx.services, ctx.actor, input, requestSignal(signal))),
  update: write
    .input(UpdateSync)
    .mutation(({ ctx, input, signal }) => updateSync(ctx.services, ctx.actor, input, requestSignal(signal))),
  effectOf: write
    .input(SyncEffectInput)
    .mutation(({ ctx, input, signal }) =>
      effectOfEdit(ctx.services, ctx.actor, input, requestSignal(signal)),
    ),
  remove: write.input(IdInput).mutation(({ ctx, input }) => removeSync(ctx.services, ctx.actor, input)),
  suggestMappings: write
    .input(SuggestMappings)
    .query(({ ctx, input, signal }) =>
      suggestMappings(ctx.services, ctx.actor, input, requestSignal(signal)),
    ),
});
