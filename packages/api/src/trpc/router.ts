import { accountRouter } from './account-router.ts';
import { auditRouter } from './audit-router.ts';
import { invitationRouter } from './invitation-router.ts';
import { memberRouter } from './member-router.ts';
import { createCallerFactory, router } from './procedure.ts';
import { tokenRouter } from './token-router.ts';
import { workspaceRouter } from './workspace-router.ts';

/** Table of contents of the console's API: one router per noun. */
export const appRouter = router({
  account: accountRouter,
  audit: auditRouter,
  invitation: invitationRouter,
  member: memberRouter,
  token: tokenRouter,
  workspace: workspaceRouter,
});

export type AppRouter = typeof appRouter;

/** Calls procedures in the process, for tests and server components. */
export const createCaller = createCallerFactory(appRouter);
