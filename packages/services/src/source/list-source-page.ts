import { type Actor, authorise } from '@sluice/domain/actor';
import type { SourceView } from '@sluice/domain/connection';
import type { ServiceContext } from '../context.ts';
import { pageOfRows, pageQuery, type ResourcePage, type ResourcePageInput } from '../list/resource-page.ts';
import { sourceInclude, sourceView } from './source-view.ts';

/** A part of the workspace's sources, in the order asked for. */
export async function listSourcePage(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: ResourcePageInput,
): Promise<ResourcePage<SourceView>> {
  authorise(actor, 'source.read');
  const { filters, window } = pageQuery(input);
  const rows = await ctx.db.source.findMany({
    where: { workspaceId: actor.workspaceId, ...filters },
    include: sourceInclude,
    ...window,
  });
  return pageOfRows(rows, input.limit, sourceView);
}
