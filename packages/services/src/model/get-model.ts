import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { ModelView } from '@sluice/domain/model';
import type { ServiceContext } from '../context.ts';
import { modelInclude, modelView } from './model-view.ts';

/** One model; throws `not_found`. */
export async function getModel(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<ModelView> {
  authorise(actor, 'model.read');
  const row = await ctx.db.model.findFirst({
    where: { workspaceId: actor.workspaceId, id: input.id },
    include: modelInclude,
  });
  if (!row) throw modelNotFound(input.id);
  return modelView(row);
}

/** `not_found` for a model, also for one of another workspace. */
export const modelNotFound = (id: number): SluiceError =>
  new SluiceError('not_found', `There is no model ${id} in this workspace.`);
