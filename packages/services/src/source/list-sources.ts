import { type Actor, authorise } from '@sluice/domain/actor';
import type { SourceView } from '@sluice/domain/connection';
import type { ServiceContext } from '../context.ts';
import { sourceInclude, sourceView } from './source-view.ts';

/** Every source of the workspace, by name. */
export async function listSources(ctx: ServiceContext, actor: Actor): Promise<SourceView[]> {
  authorise(actor, 'source.read');
  const rows = await ctx.db.source.findMany({
    where: { workspaceId: actor.workspaceId },
    include: sourceInclude,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
  return rows.map(sourceView);
}
