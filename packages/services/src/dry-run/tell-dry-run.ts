import type { DryRunProgress } from '@sluice/domain/dry-run';
import type { ServiceContext } from '../context.ts';
import { runChannel } from '../run/run-notifications.ts';

/** People read no faster. */
const betweenMs = 400;

/** Tells whoever watches a dry run how far it is, in any process. What cannot be told is left out. */
export function tellDryRun(
  ctx: Pick<ServiceContext, 'db'>,
  workspaceId: number,
  watch: string | undefined,
): (progress: DryRunProgress) => void {
  let toldAt = 0;
  let told: DryRunProgress['stage'] | null = null;
  return ({ stage, rows }) => {
    const now = performance.now();
    if (watch === undefined || (stage === told && now - toldAt < betweenMs)) return;
    toldAt = now;
    told = stage;
    const payload = ['dry-run', workspaceId, watch, stage, rows].join(':');
    ctx.db.$queryRaw`select pg_notify(${runChannel}, ${payload})::text`.catch(() => undefined);
  };
}
