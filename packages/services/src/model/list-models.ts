import { type Actor, authorise } from '@sluice/domain/actor';
import type { ModelView } from '@sluice/domain/model';
import type { ServiceContext } from '../context.ts';
import { modelInclude, modelView } from './model-view.ts';

/** Every model of the workspace, by name. */
export async function listModels(ctx: ServiceContext, actor: Actor): Promise<ModelView[]> {
  authorise(actor, 'model.read');
  const rows = await ctx.db.model.findMany({
    where: { workspaceId: actor.workspaceId },
    include: modelInclude,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
  return rows.map(modelView);
}
