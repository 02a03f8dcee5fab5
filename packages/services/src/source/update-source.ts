import { plansInSource } from '@sluice/connectors/kit/planner-field';
import type { Actor } from '@sluice/domain/actor';
import type { SourceView, UpdateConnection } from '@sluice/domain/connection';
import type { z } from 'zod';
import { updateConnection } from '../connection/update-connection.ts';
import type { ServiceContext } from '../context.ts';
import { getSource } from './get-source.ts';
import { sourceKind } from './source-kind.ts';
import { askToTidyPlanner } from './tidy-planner.ts';

/** Changes a source's name or configuration; when it no longer plans by itself, the planner's tables go. Throws `not_found`, `input_invalid`, `conflict`. */
export async function updateSource(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof UpdateConnection>,
): Promise<SourceView> {
  await updateConnection(ctx, actor, sourceKind, input);
  const source = await getSource(ctx, actor, input);
  if (source.plannerTables && !plansInSource(source.configuration)) {
    await askToTidyPlanner(ctx, { workspaceId: actor.workspaceId, sourceId: source.id });
  }
  return source;
}
