import { CreateModel, InspectKey, ModelImpactInput, PreviewQuery, UpdateModel } from '@sluice/domain/model';
import { createModel } from '@sluice/services/model/create-model';
import { estimateQuery } from '@sluice/services/model/estimate-query';
import { getModel } from '@sluice/services/model/get-model';
import { inspectKey } from '@sluice/services/model/inspect-key';
import { listModels } from '@sluice/services/model/list-models';
import { modelImpact } from '@sluice/services/model/model-impact';
import { previewModel } from '@sluice/services/model/preview-model';
import { removeModel } from '@sluice/services/model/remove-model';
import { updateModel } from '@sluice/services/model/update-model';
import { IdInput } from './id-input.ts';
import { router, workspaceProcedure } from './procedure.ts';
import { requestSignal } from './request-signal.ts';

const read = workspaceProcedure('model.read');
const write = workspaceProcedure('model.write');
const preview = workspaceProcedure('model.preview');

/** Models: queries with a primary key. */
export const modelRouter = router({
  list: read.query(({ ctx }) => listModels(ctx.services, ctx.actor)),
  get: read.input(IdInput).query(({ ctx, input }) => getModel(ctx.services, ctx.actor, input)),
  create: write
    .input(CreateModel)
    .mutation(({ ctx, input, signal }) => createModel(ctx.services, ctx.actor, input, requestSignal(signal))),
  update: write
    .input(UpdateModel)
    .mutation(({ ctx, input, signal }) => updateModel(ctx.services, ctx.actor, input, requestSignal(signal))),
  remove: write.input(IdInput).mutation(({ ctx, input }) => removeModel(ctx.services, ctx.actor, input)),
  preview: preview
    .input(PreviewQuery)
    .mutation(({ ctx, input, signal }) =>
      previewModel(ctx.services, ctx.actor, input, requestSignal(signal)),
    ),
  estimate: preview
    .input(PreviewQuery)
    .mutation(({ ctx, input, signal }) =>
      estimateQuery(ctx.services, ctx.actor, input, requestSignal(signal)),
    ),
  inspectKey: preview
    .input(InspectKey)
    .mutation(({ ctx, input, signal }) => inspectKey(ctx.services, ctx.actor, input, requestSignal(signal))),
  impact: read
    .input(ModelImpactInput)
    .query(({ ctx, input, signal }) => modelImpact(ctx.services, ctx.actor, input, requestSignal(signal))),
});
