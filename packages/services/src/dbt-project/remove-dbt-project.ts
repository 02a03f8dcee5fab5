import { type Actor, authorise } from '@sluice/domain/actor';
import { audit } from '../audit/record-audit.ts';
import { lockRow } from '../connection/lock-row.ts';
import { inUse } from '../connection/remove-connection.ts';
import type { ServiceContext } from '../context.ts';
import { getProjectRow } from './dbt-project-view.ts';

/** Removes a dbt project with its nodes. Throws `not_found`, and `in_use` naming the models that follow it. */
export async function removeDbtProject(
  ctx: ServiceContext,
  actor: Actor,
  { id }: { id: number },
): Promise<void> {
  authorise(actor, 'model.write');
  const { workspaceId } = actor;
  await ctx.db.$transaction(async (tx) => {
    await lockRow(tx, 'dbt_projects', workspaceId, id);
    const { name } = await getProjectRow(tx, workspaceId, id);
    // Nobody begins to follow a node from here on: that would refer to a row that is held.
    await tx.$queryRaw`select 1 from dbt_nodes where workspace_id = ${workspaceId} and project_id = ${id} for update`;
    const models = await tx.model.findMany({
      where: { workspaceId, dbtNode: { projectId: id } },
      select: { name: true },
      orderBy: { id: 'asc' },
    });
    if (models.length > 0) {
      throw inUse(
        name,
        models.map((model) => `the model "${model.name}"`),
      );
    }
    await tx.dbtProject.delete({ where: { id } });
    await audit(tx, actor, {
      action: 'dbt_project.remove',
      subjectType: 'dbt_project',
      subjectId: id,
      subjectName: name,
    });
  });
}
