import { CreateToken, RotateToken } from '@sluice/domain/workspace';
import { createToken } from '@sluice/services/token/create-token';
import { listTokens } from '@sluice/services/token/list-tokens';
import { revokeToken } from '@sluice/services/token/revoke-token';
import { rotateToken } from '@sluice/services/token/rotate-token';
import { IdInput } from './id-input.ts';
import { router, workspaceProcedure } from './procedure.ts';

export const tokenRouter = router({
  list: workspaceProcedure('token.manage').query(({ ctx }) => listTokens(ctx.services, ctx.actor)),
  create: workspaceProcedure('token.manage')
    .input(CreateToken)
    .mutation(({ ctx, input }) => createToken(ctx.services, ctx.actor, input)),
  rotate: workspaceProcedure('token.manage')
    .input(RotateToken)
    .mutation(({ ctx, input }) => rotateToken(ctx.services, ctx.actor, input)),
  revoke: workspaceProcedure('token.manage')
    .input(IdInput)
    .mutation(({ ctx, input }) => revokeToken(ctx.services, ctx.actor, input)),
});
