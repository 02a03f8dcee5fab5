import { type Actor, authorise } from '@sluice/domain/actor';
import type { ModelView } from '@sluice/domain/model';
import type { ServiceContext } from '../context.ts';
import { pageOfRows, pageQuery, type ResourcePage, type ResourcePageInput } from '../list/resource-page.ts';
import { listSyncIds } from '../sync/list-sync-ids.ts';
import { modelInclude, modelView } from './model-view.ts';

/** A model in a list: of its syncs only the ids are loaded. */
export type ListedModel = Omit<ModelView, 'syncs'> & { readonly syncs: { readonly id: number }[] };

/** A part of the workspace's models, in the order asked for; with `tags`, those that carry all of them. */
export async function listModelPage(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: ResourcePageInput & { tags?: Record<string, string> },
): Promise<ResourcePage<ListedModel>> {
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
    include: { source: modelInclude.source, dbtNode: modelInclude.dbtNode },
    ...window,
  });
  const page = pageOfRows(rows, input.limit, (row) => modelView({ ...row, syncs: [] }));
  const ids = page.items.map(({ id }) => id);
  const syncs = await listSyncIds(ctx.db, actor.workspaceId, 'model', ids);
  return { ...page, items: page.items.map((view) => ({ ...view, syncs: syncs.get(view.id) ?? [] })) };
}
