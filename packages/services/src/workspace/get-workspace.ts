import type { Connection } from '@sluice/db/client';
import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { Retention } from '@sluice/domain/retention';
import type { WorkspaceView } from '@sluice/domain/workspace';
import type { ServiceContext } from '../context.ts';

/** The actor's workspace. */
export async function getWorkspace(ctx: Pick<ServiceContext, 'db'>, actor: Actor): Promise<WorkspaceView> {
  authorise(actor, 'workspace.read');
  return loadWorkspace(ctx.db, actor.workspaceId);
}

function retentionOf({ planDays, resultDays, ledgerDays, logDays, runDays }: Retention): Retention {
  return { planDays, resultDays, ledgerDays, logDays, runDays };
}

/** A workspace by id, for callers that have already decided that it may be seen. */
export async function loadWorkspace(db: Connection, id: number): Promise<WorkspaceView> {
  const workspace = await db.workspace.findUnique({ where: { id }, include: { organisation: true } });
  if (!workspace) throw new SluiceError('not_found', 'This workspace no longer exists.');
  return {
    id: workspace.id,
    name: workspace.name,
    slug: workspace.slug,
    organisation: { id: workspace.organisation.id, name: workspace.organisation.name },
    retention: retentionOf(workspace),
    createdAt: workspace.createdAt,
  };
}
