import { toJson } from '@sluice/db/json';
import type { SluiceError } from '@sluice/domain/error';
import { systemActor } from '../actor/system-actor.ts';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';

/**
 * Writes down that a vendor takes a grant no more: the grant is revoked, its connection is marked as failing with the
 * reason where everybody sees it, and the audit log says whose access it was. Runs that need it fail with
 * `destination_auth`, which holds their schedules and tells webhooks.
 */
export async function revokeGrant(
  ctx: ServiceContext,
  { workspaceId, id }: { workspaceId: number; id: number },
  reason: SluiceError,
): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.oAuthGrant.updateMany({
      where: { workspaceId, id, status: 'active' },
      data: { status: 'revoked', sealed: null, expiresAt: null },
    });
    const grant = await tx.oAuthGrant.findFirst({ where: { workspaceId, id } });
    if (count === 0 || !grant) return;
    const [table, holderId] = (grant.holder ?? '').split(':');
    const check = { name: 'credentials', label: 'Sign in', status: 'failed', durationMs: 0 };
    const checks = [{ ...check, message: reason.message, fix: reason.fix }];
    const lastCheck = toJson({ at: new Date(), ok: false, checks });
    const where = { workspaceId, id: Number(holderId) };
    if (table === 'destinations') await tx.destination.updateMany({ where, data: { lastCheck } });
    if (table === 'sources') await tx.source.updateMany({ where, data: { lastCheck } });
    await audit(tx, systemActor(workspaceId, 'Sluice'), {
      action: 'grant.revoke',
      subjectType: 'grant',
      subjectId: id,
      subjectName: `${grant.connector}, given by ${grant.createdBy}`,
    });
  });
  ctx.log.warn({ grantId: id, workspaceId, code: reason.code }, 'a vendor takes a grant no more');
}
