import { ChangePassword, SignUp, UpdateAccount } from '@sluice/domain/account';
import { changePassword } from '@sluice/services/account/change-password';
import { endOtherSessions } from '@sluice/services/account/end-other-sessions';
import { getAccount } from '@sluice/services/account/get-account';
import { signUp } from '@sluice/services/account/sign-up';
import { updateAccount } from '@sluice/services/account/update-account';
import { personProcedure, publicProcedure, router } from './procedure.ts';

/** The person themselves, in whichever workspace. */
export const accountRouter = router({
  get: personProcedure.query(({ ctx }) => getAccount(ctx.services, ctx.person)),
  signUp: publicProcedure
    .input(SignUp)
    .mutation(({ ctx, input }) =>
      signUp(ctx.services, input, { address: ctx.address, requestId: ctx.requestId }),
    ),
  update: personProcedure
    .input(UpdateAccount)
    .mutation(({ ctx, input }) => updateAccount(ctx.services, ctx.person, input)),
  changePassword: personProcedure
    .input(ChangePassword)
    .mutation(({ ctx, input }) => changePassword(ctx.services, ctx.person, input)),
  endOtherSessions: personProcedure.mutation(({ ctx }) => endOtherSessions(ctx.services, ctx.person)),
});
