import { type Actor, authorise } from '@sluice/domain/actor';
import { audit } from '../audit/record-audit.ts';
import { lockRow } from '../connection/lock-row.ts';
import { inUse } from '../connection/remove-connection.ts';
import type { ServiceContext } from '../context.ts';
import { modelNotFound } from './get-model.ts';

/** Removes a model. Throws `not_found`, and `in_use` naming the syncs that use it. */
export async function removeModel(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<void> {
  authorise(actor, 'model.write');
  const { workspaceId } = actor;
  const { id } = input;
  await ctx.db.$transaction(async (tx) => {
    await lockRow(tx, 'models', workspaceId, id);
    const model = await tx.model.findFirst({
      where: { workspaceId, id },
      select: { name: true, syncs: { select: { slug: true }, orderBy: { id: 'asc' } } },
    });
    if (!model) throw modelNotFound(id);
    if (model.syncs.length > 0) {
      throw inUse(
        model.name,
        model.syncs.map(({ slug }) => `the sync "${slug}"`),
      );
    }
    await tx.model.deleteMany({ where: { workspaceId, id } });
    await audit(tx, actor, {
      action: 'model.remove',
      subjectType: 'model',
      subjectId: id,
      subjectName: model.name,
    });
  });
}
