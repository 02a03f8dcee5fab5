import { StartGrant } from '@sluice/domain/grant';
import { getGrant } from '@sluice/services/oauth/get-grant';
import { startGrant } from '@sluice/services/oauth/start-grant';
import { IdInput } from './id-input.ts';
import { router, workspaceProcedure } from './procedure.ts';

/** Grants: access that people give by signing in at a vendor. */
export const grantRouter = router({
  start: workspaceProcedure('destination.write')
    .input(StartGrant)
    .mutation(({ ctx, input }) => startGrant(ctx.services, ctx.actor, input)),
  get: workspaceProcedure('destination.read')
    .input(IdInput)
    .query(({ ctx, input }) => getGrant(ctx.services, ctx.actor, input)),
});
