import { createHash } from 'node:crypto';
import type { Connection } from '@sluice/db/client';
import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';

const hoursKept = 24;

interface Keyed {
  readonly key: string;
  readonly sequenceId: string;
}

/**
 * The run that a trigger of this sequence with this key started in the last 24 hours, or `null` for a new key and for
 * anybody but a token. Asked while the sequence is locked. Throws `input_invalid` when the key was used for another one.
 */
export async function findKeyedSequenceRun(
  tx: Connection,
  actor: Actor,
  { key, sequenceId }: Keyed,
): Promise<string | null> {
  const tokenId = tokenIdOf(actor);
  if (tokenId === null) return null;
  const found = await tx.sequenceTriggerKey.findFirst({
    where: {
      workspaceId: actor.workspaceId,
      tokenId,
      keyHash: hashOf(key),
      createdAt: { gt: new Date(Date.now() - hoursKept * 3_600_000) },
    },
    select: { sequenceId: true, sequenceRunId: true },
  });
  if (found && found.sequenceId !== sequenceId) throw keyReused();
  return found?.sequenceRunId ?? null;
}

/** Keeps the run for the key, in the transaction that starts it. Throws `input_invalid` as above. */
export async function keepKeyedSequenceRun(
  tx: Connection,
  actor: Actor,
  { key, sequenceId, sequenceRunId }: Keyed & { readonly sequenceRunId: string },
): Promise<void> {
  const tokenId = tokenIdOf(actor);
  if (tokenId === null) return;
  // A key that is a day old is free again. One that another sequence's trigger took meanwhile is not.
  const kept = await tx.$executeRaw`
    insert into sequence_trigger_keys (token_id, key_hash, workspace_id, sequence_id, sequence_run_id)
    values (${tokenId}, ${hashOf(key)}, ${actor.workspaceId}, ${sequenceId}::uuid, ${sequenceRunId}::uuid)
    on conflict (token_id, key_hash) do update
      set sequence_id = excluded.sequence_id, sequence_run_id = excluded.sequence_run_id, created_at = now()
      where sequence_trigger_keys.created_at <= now() - make_interval(hours => ${hoursKept}::int)`;
  if (kept === 0) throw keyReused();
}

/** Forgets keys older than a day. Answers how many. */
export async function pruneSequenceTriggerKeys(db: Connection): Promise<number> {
  return db.$executeRaw`
    delete from sequence_trigger_keys where created_at <= now() - make_interval(hours => ${hoursKept}::int)`;
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

const tokenIdOf = ({ identity }: Actor): number | null =>
  identity.kind === 'token' ? identity.tokenId : null;

const keyReused = () =>
  new SluiceError('input_invalid', 'This Idempotency-Key was used for another request.', {
    fields: { 'Idempotency-Key': 'Used in the last 24 hours for another sequence.' },
    fix: 'Send a new key for a new request, and the same key only to repeat the very same one.',
  });
