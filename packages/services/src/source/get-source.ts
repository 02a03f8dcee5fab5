import { type Actor, authorise } from '@sluice/domain/actor';
import type { SourceView } from '@sluice/domain/connection';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';
import { sourceInclude, sourceView } from './source-view.ts';

/** One source; throws `not_found`. */
export async function getSource(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number },
): Promise<SourceView> {
  authorise(actor, 'source.read');
  const row = await ctx.db.source.findFirst({
    where: { workspaceId: actor.workspaceId, id: input.id },
    include: sourceInclude,
  });
  if (!row) throw new SluiceError('not_found', `There is no source ${input.id} in this workspace.`);
  return sourceView(row);
}
