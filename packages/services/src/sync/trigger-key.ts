import { createHash } from 'node:crypto';
import type { Connection } from '@sluice/db/client';
import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';

const hoursKept = 24;

/** A trigger that its caller can recognise: repeated within 24 hours by the same token, it answers the same run. */
interface Keyed {
  readonly key: string;
  /** What is asked for, as text; the same key with another request is refused. */
  readonly request: string;
}

/**
 * The run that a trigger with this key started, or `null` for a new key and for anybody but a token. Asked while the
 * sync is locked. Throws `input_invalid` when the key was used for something else.
 */
export async function findKeyedRun(tx: Connection, actor: Actor, keyed: Keyed): Promise<number | null> {
  const tokenId = tokenIdOf(actor);
  if (tokenId === null) return null;
  const since = new Date(Date.now() - hoursKept * 3_600_000);
  const found = await tx.triggerKey.findFirst({
    where: {
      workspaceId: actor.workspaceId,
      tokenId,
      keyHash: hashOf(keyed.key),
      createdAt: { gt: since },
    },
    select: { request: true, runId: true },
  });
  if (found && found.request !== keyed.request) throw keyReused();
  return found?.runId ?? null;
}

/** Keeps the run for the key, in the transaction that starts it. Throws `input_invalid` as above. */
export async function keepKeyedRun(
  tx: Connection,
  actor: Actor,
  keyed: Keyed & { readonly runId: number },
): Promise<void> {
  const tokenId = tokenIdOf(actor);
  if (tokenId === null) return;
  const { request, runId } = keyed;
  // A key that is a day old is free again. One that another sync's trigger took meanwhile is not.
  const kept = await tx.$executeRaw`
    insert into trigger_keys (token_id, key_hash, workspace_id, request, run_id)
    values (${tokenId}, ${hashOf(keyed.key)}, ${actor.workspaceId}, ${request}, ${runId})
    on conflict (token_id, key_hash) do update
      set request = excluded.request, run_id = excluded.run_id, created_at = now()
      where trigger_keys.created_at <= now() - make_interval(hours => ${hoursKept}::int)`;
  if (kept === 0) throw keyReused();
}

/** Forgets keys older than a day. Answers how many. */
export async function pruneTriggerKeys(db: Connection): Promise<number> {
  return db.$executeRaw`
    delete from trigger_keys where created_at <= now() - make_interval(hours => ${hoursKept}::int)`;
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

const tokenIdOf = ({ identity }: Actor): number | null =>
  identity.kind === 'token' ? identity.tokenId : null;

const keyReused = () =>
  new SluiceError('input_invalid', 'This Idempotency-Key was used for another request.', {
    fields: { 'Idempotency-Key': 'Used in the last 24 hours for another sync or other options.' },
    fix: 'Send a new key for a new request, and the same key only to repeat the very same one.',
  });
