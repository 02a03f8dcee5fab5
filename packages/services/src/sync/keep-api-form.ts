import { isDeepStrictEqual } from 'node:util';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { ApiForm, SyncView } from '@sluice/domain/sync';
import type { ServiceContext } from '../context.ts';

/**
 * Keeps how an API client wrote a sync that this actor has just made or changed. A crash in between loses only the
 * words: a form that does not say what the sync is is not answered. Answers the sync with it.
 */
export async function keepApiForm(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  sync: SyncView,
  apiForm: ApiForm,
): Promise<SyncView> {
  authorise(actor, 'sync.write');
  if (isDeepStrictEqual(sync.apiForm, apiForm)) return sync;
  const text = Object.keys(apiForm).length === 0 ? null : JSON.stringify(apiForm);
  await ctx.db.$executeRaw`
    update syncs set api_form = ${text}::jsonb where workspace_id = ${actor.workspaceId} and id = ${sync.id}`;
  return { ...sync, apiForm };
}
