import { getSshKey } from '@sluice/services/ssh-key/get-ssh-key';
import { rotateSshKey } from '@sluice/services/ssh-key/rotate-ssh-key';
import { router, workspaceProcedure } from './procedure.ts';

/** The key that the workspace signs in with at SSH servers. */
export const sshKeyRouter = router({
  get: workspaceProcedure('workspace.read').query(({ ctx }) => getSshKey(ctx.services, ctx.actor)),
  rotate: workspaceProcedure('workspace.manage').mutation(({ ctx }) => rotateSshKey(ctx.services, ctx.actor)),
});
