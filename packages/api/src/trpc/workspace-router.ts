import { CreateWorkspace, UpdateWorkspace } from '@sluice/domain/workspace';
import { getOverview } from '@sluice/services/overview/get-overview';
import { createWorkspace } from '@sluice/services/workspace/create-workspace';
import { getWorkspace } from '@sluice/services/workspace/get-workspace';
import { updateWorkspace } from '@sluice/services/workspace/update-workspace';
import { personProcedure, router, workspaceProcedure } from './procedure.ts';

export const workspaceRouter = router({
  get: workspaceProcedure('workspace.read').query(({ ctx }) => getWorkspace(ctx.services, ctx.actor)),
  overview: workspaceProcedure('workspace.read').query(({ ctx }) => getOverview(ctx.services, ctx.actor)),
  create: personProcedure
    .input(CreateWorkspace)
    .mutation(({ ctx, input }) => createWorkspace(ctx.services, ctx.person, input)),
  update: workspaceProcedure('workspace.manage')
    .input(UpdateWorkspace)
    .mutation(({ ctx, input }) => updateWorkspace(ctx.services, ctx.actor, input)),
});
