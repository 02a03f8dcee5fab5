import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';

/** Throws `forbidden`, also for a token that is limited to some syncs: a webhook tells of all of them. */
export function authoriseWebhooks(actor: Actor): void {
  authorise(actor, 'webhook.manage');
  const { identity } = actor;
  if (identity.kind === 'token' && identity.syncIds !== null)
    throw new SluiceError('forbidden', 'This token is limited to some syncs, and webhooks tell of all.');
}
