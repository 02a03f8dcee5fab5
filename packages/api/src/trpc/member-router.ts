import { Id } from '@sluice/domain/id';
import { UpdateMember } from '@sluice/domain/workspace';
import { listMembers } from '@sluice/services/member/list-members';
import { removeMember } from '@sluice/services/member/remove-member';
import { updateMember } from '@sluice/services/member/update-member';
import { z } from 'zod';
import { router, workspaceProcedure } from './procedure.ts';

export const memberRouter = router({
  list: workspaceProcedure('member.read').query(({ ctx }) => listMembers(ctx.services, ctx.actor)),
  update: workspaceProcedure('member.manage')
    .input(UpdateMember)
    .mutation(({ ctx, input }) => updateMember(ctx.services, ctx.actor, input)),
  remove: workspaceProcedure('member.manage')
    .input(z.strictObject({ userId: Id }))
    .mutation(({ ctx, input }) => removeMember(ctx.services, ctx.actor, input)),
});
