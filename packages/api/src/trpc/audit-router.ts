import { ListAudit } from '@sluice/domain/workspace';
import { listAudit } from '@sluice/services/audit/list-audit';
import { router, workspaceProcedure } from './procedure.ts';

export const auditRouter = router({
  list: workspaceProcedure('audit.read')
    .input(ListAudit)
    .query(({ ctx, input }) => listAudit(ctx.services, ctx.actor, input)),
});
