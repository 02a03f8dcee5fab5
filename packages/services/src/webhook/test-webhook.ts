import { Prisma } from '@sluice/db/generated/client';
import type { Actor } from '@sluice/domain/actor';
import { testEvent } from '@sluice/domain/webhook';
import type { ServiceContext } from '../context.ts';
import { authoriseWebhooks } from './authorise-webhooks.ts';
import { getEndpoint } from './get-endpoint.ts';
import { tell } from './queue-deliveries.ts';

/**
 * Sends the event `webhook.test` to an endpoint, a disabled one excepted: it waits there. It shows the workspace's
 * newest run, or none. The outcome appears among the deliveries. Throws `not_found`.
 */
export async function testWebhook(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<void> {
  authoriseWebhooks(actor);
  const { workspaceId } = actor;
  await ctx.db.$transaction(async (tx) => {
    const { id } = await getEndpoint(tx, actor, input.id);
    const newest = Prisma.sql`(select * from runs where workspace_id = ${workspaceId} order by id desc limit 1)`;
    await tx.$executeRaw`
      insert into webhook_deliveries (workspace_id, endpoint_id, event, run_id, snapshot)
      select workspaces.id, ${id}::int, ${testEvent}, told.id, coalesce(told.snapshot, jsonb_build_object(
        'at', now(), 'workspaceSlug', workspaces.slug, 'sync', null, 'run', null))
      from workspaces left join (${tell(newest)}) told on told.workspace_id = workspaces.id
      where workspaces.id = ${workspaceId}`;
  });
  await ctx.jobs.enqueue('webhook.send', {});
}
