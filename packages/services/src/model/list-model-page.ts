import { type Actor, authorise } from '@sluice/domain/actor';
import type { ModelView } from '@sluice/domain/model';
import type { ServiceContext } from '../context.ts';
import { pageOfRows, pageQuery, type ResourcePage, type ResourcePageInput } from '../list/resource-page.ts';
import { modelInclude, modelView } from './model-view.ts';

/** A part of the workspace's models, in the order asked for; with `tags`, those that carry all of them. */
export async function listModelPage(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: ResourcePageInput & { tags?: Record<string, string> },
): Promise<ResourcePage<ModelView>> {
  authorise(actor, 'model.read');
  const { filters, window } = pageQuery(input);
  const rows = await ctx.db.model.findMany({
    where: {
      workspaceId: actor.workspaceId,
      ...filters,
      AND: Object.entries(input.tags ?? {}).map(([name, value]) => ({
        tags: { path: [name], equals: value },
      })),
    },
    include: modelInclude,
    ...window,
  });
  return pageOfRows(rows, input.limit, modelView);
}
