import { type DeliveryState, failingDaysMax } from '@sluice/domain/webhook';
import { systemActor } from '../actor/system-actor.ts';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';

interface Attempt {
  readonly workspaceId: number;
  readonly endpointId: number;
  readonly state: DeliveryState;
  readonly status: number | null;
  /** Beginning of the answer, or why there was none; without secrets. */
  readonly text: string;
}

/**
 * Keeps since when an endpoint has failed, and disables one that has taken nothing for five days, with the reason for
 * people to read. Only an event that was given up after its 24 hours does that: a single late failure does not.
 */
export async function noteAttempt(ctx: Pick<ServiceContext, 'db' | 'log'>, attempt: Attempt): Promise<void> {
  const { workspaceId, endpointId, state } = attempt;
  const taken = state === 'delivered';
  // Most attempts change nothing here, and then nothing is written.
  await ctx.db.$executeRaw`
    update webhook_endpoints set failing_since = case when ${taken} then null else now() end
    where id = ${endpointId} and (failing_since is null) <> ${taken}`;
  if (state !== 'failed') return;
  const reason = reasonOf(attempt);
  const disabled = await ctx.db.$transaction(async (tx) => {
    const [endpoint] = await tx.$queryRaw<{ name: string }[]>`
      update webhook_endpoints set disabled = true, disabled_reason = ${reason}
      where id = ${endpointId} and not disabled
        and failing_since <= now() - ${failingDaysMax}::int * interval '1 day'
      returning name`;
    if (!endpoint) return false;
    await audit(tx, systemActor(workspaceId, 'Sluice'), {
      action: 'webhook.update',
      subjectType: 'webhook',
      subjectId: endpointId,
      subjectName: endpoint.name,
      changes: { disabled: [false, true], reason: [null, reason] },
    });
    return true;
  });
  if (disabled)
    ctx.log.warn({ workspaceId, webhookId: endpointId }, 'a webhook that takes nothing was disabled');
}

function reasonOf({ status, text }: Attempt): string {
  const last = status === null ? text : `the last answer was ${status}`;
  return `Nothing was taken for ${failingDaysMax} days: ${last}`.replace(/\.?$/, '.');
}
