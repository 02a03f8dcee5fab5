import { EventEmitter, on } from 'node:events';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { DryRunProgress } from '@sluice/domain/dry-run';
import type { ServiceContext } from '../context.ts';

/** How far a dry run of the actor's workspace is, as it is told; until the signal aborts. */
export async function* followDryRun(
  ctx: Pick<ServiceContext, 'notifications'>,
  actor: Actor,
  { watch }: { watch: string },
  signal: AbortSignal,
): AsyncGenerator<DryRunProgress> {
  authorise(actor, 'sync.write');
  const news = new EventEmitter();
  const unsubscribe = ctx.notifications.subscribe((notice) => {
    if (notice.kind !== 'dry-run' || notice.watch !== watch) return;
    if (notice.workspaceId === actor.workspaceId) news.emit('told', notice);
  });
  try {
    yield { stage: 'read', rows: 0 };
    for await (const [{ stage, rows }] of on(news, 'told', { signal })) yield { stage, rows };
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    unsubscribe();
  }
}
