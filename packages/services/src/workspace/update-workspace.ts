import { type Actor, authorise } from '@sluice/domain/actor';
import type { UpdateWorkspace, WorkspaceView } from '@sluice/domain/workspace';
import type { z } from 'zod';
import { diff } from '../audit/diff.ts';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { loadWorkspace } from './get-workspace.ts';

/** Renames the actor's workspace or changes how long runs are kept. Its slug stays, so links keep working. */
export async function updateWorkspace(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof UpdateWorkspace>,
): Promise<WorkspaceView> {
  authorise(actor, 'workspace.manage');
  return ctx.db.$transaction(async (tx) => {
    const before = await loadWorkspace(tx, actor.workspaceId);
    await tx.workspace.update({
      where: { id: actor.workspaceId },
      data: { name: input.name, ...input.retention },
    });
    const after = await loadWorkspace(tx, actor.workspaceId);
    await audit(tx, actor, {
      action: 'workspace.update',
      subjectType: 'workspace',
      subjectId: after.id,
      subjectName: after.name,
      changes: diff(settingsOf(before), settingsOf(after)),
    });
    return after;
  });
}

const settingsOf = ({ name, retention }: WorkspaceView) => ({ name, retention });
