import { CreateInvitation } from '@sluice/domain/workspace';
import { acceptInvitation } from '@sluice/services/invitation/accept-invitation';
import { createInvitation } from '@sluice/services/invitation/create-invitation';
import { getInvitation } from '@sluice/services/invitation/get-invitation';
import { listInvitations } from '@sluice/services/invitation/list-invitations';
import { revokeInvitation } from '@sluice/services/invitation/revoke-invitation';
import { z } from 'zod';
import { IdInput } from './id-input.ts';
import { personProcedure, publicProcedure, router, workspaceProcedure } from './procedure.ts';

const Link = z.strictObject({ token: z.string().min(1).max(200) });

export const invitationRouter = router({
  list: workspaceProcedure('member.manage').query(({ ctx }) => listInvitations(ctx.services, ctx.actor)),
  create: workspaceProcedure('member.manage')
    .input(CreateInvitation)
    .mutation(({ ctx, input }) => createInvitation(ctx.services, ctx.actor, input)),
  revoke: workspaceProcedure('member.manage')
    .input(IdInput)
    .mutation(({ ctx, input }) => revokeInvitation(ctx.services, ctx.actor, input)),
  get: publicProcedure.input(Link).query(({ ctx, input }) => getInvitation(ctx.services, input)),
  accept: personProcedure
    .input(Link)
    .mutation(({ ctx, input }) => acceptInvitation(ctx.services, ctx.person, input)),
});
