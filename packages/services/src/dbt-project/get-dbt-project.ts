import { type Actor, authorise } from '@sluice/domain/actor';
import type { DbtProjectView } from '@sluice/domain/dbt-project';
import type { ServiceContext } from '../context.ts';
import { dbtProjectView, projectInclude, projectNotFound } from './dbt-project-view.ts';

/** One dbt project; throws `not_found`. */
export async function getDbtProject(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: { id: number },
): Promise<DbtProjectView> {
  authorise(actor, 'model.read');
  const row = await ctx.db.dbtProject.findFirst({
    where: { workspaceId: actor.workspaceId, id: input.id },
    include: projectInclude,
  });
  if (!row) throw projectNotFound(input.id);
  return dbtProjectView(row);
}
