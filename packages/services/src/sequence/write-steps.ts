import type { Connection } from '@sluice/db/client';
import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { SequenceStepInput } from '@sluice/domain/sequence';
import type { z } from 'zod';
import { syncScope } from '../sync/sync-scope.ts';
import { policyColumns } from './step-policy.ts';

type Step = z.infer<typeof SequenceStepInput>;

/**
 * Replaces the steps of a sequence in the transaction that holds it. Throws `not_found`, with the step at its field,
 * for a sync that does not exist in the workspace or lies beyond the token's limits.
 */
export async function writeSteps(
  tx: Connection,
  actor: Actor,
  sequenceId: string,
  steps: readonly Step[],
): Promise<void> {
  const { workspaceId } = actor;
  const wanted = [...new Set(steps.map(({ syncId }) => syncId))];
  // Held against removal until the steps refer to them.
  await tx.$queryRaw`
    select 1 from syncs where workspace_id = ${workspaceId} and id = any(${wanted}::int[]) order by id for key share`;
  const found = await tx.sync.findMany({
    where: { AND: [{ workspaceId, id: { in: wanted } }, syncScope(actor)] },
    select: { id: true },
  });
  const known = new Set(found.map(({ id }) => id));
  const missing = steps.findIndex(({ syncId }) => !known.has(syncId));
  if (missing >= 0) {
    const message = `There is no sync ${steps[missing]?.syncId} in this workspace.`;
    throw new SluiceError('not_found', message, { fields: { [`steps.${missing}.syncId`]: message } });
  }
  await tx.sequenceStep.deleteMany({ where: { workspaceId, sequenceId } });
  await tx.sequenceStep.createMany({
    data: steps.map(({ syncId, policy }, position) => ({
      workspaceId,
      sequenceId,
      position,
      syncId,
      ...policyColumns(policy),
    })),
  });
}
