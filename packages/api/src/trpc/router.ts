import { accountRouter } from './account-router.ts';
import { auditRouter } from './audit-router.ts';
import { connectorRouter } from './connector-router.ts';
import { dbtProjectRouter } from './dbt-project-router.ts';
import { destinationRouter } from './destination-router.ts';
import { grantRouter } from './grant-router.ts';
import { invitationRouter } from './invitation-router.ts';
import { memberRouter } from './member-router.ts';
import { modelRouter } from './model-router.ts';
import { createCallerFactory, router } from './procedure.ts';
import { runRouter } from './run-router.ts';
import { scheduleRouter } from './schedule-router.ts';
import { sequenceRouter } from './sequence-router.ts';
import { sourceRouter } from './source-router.ts';
import { sshKeyRouter } from './ssh-key-router.ts';
import { syncRouter } from './sync-router.ts';
import { tokenRouter } from './token-router.ts';
import { webhookRouter } from './webhook-router.ts';
import { workspaceRouter } from './workspace-router.ts';

/** Table of contents of the console's API: one router per noun. */
export const appRouter = router({
  account: accountRouter,
  audit: auditRouter,
  connector: connectorRouter,
  dbtProject: dbtProjectRouter,
  destination: destinationRouter,
  grant: grantRouter,
  invitation: invitationRouter,
  member: memberRouter,
  model: modelRouter,
  run: runRouter,
  schedule: scheduleRouter,
  sequence: sequenceRouter,
  source: sourceRouter,
  sshKey: sshKeyRouter,
  sync: syncRouter,
  token: tokenRouter,
  webhook: webhookRouter,
  workspace: workspaceRouter,
});

export type AppRouter = typeof appRouter;

/** Calls procedures in the process, for tests and server components. */
export const createCaller = createCallerFactory(appRouter);
