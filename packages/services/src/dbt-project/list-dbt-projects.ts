import { type Actor, authorise } from '@sluice/domain/actor';
import type { DbtProjectView, ListDbtProjects } from '@sluice/domain/dbt-project';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { dbtProjectView, projectInclude } from './dbt-project-view.ts';

/** The dbt projects of the workspace or of one of its sources, by name. At most 1,000. */
export async function listDbtProjects(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  { sourceId }: z.output<typeof ListDbtProjects>,
): Promise<DbtProjectView[]> {
  authorise(actor, 'model.read');
  const rows = await ctx.db.dbtProject.findMany({
    where: { workspaceId: actor.workspaceId, ...(sourceId !== undefined && { sourceId }) },
    include: projectInclude,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: 1_000,
  });
  return rows.map(dbtProjectView);
}
