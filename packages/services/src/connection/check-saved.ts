import { systemActor } from '../actor/system-actor.ts';
import type { ServiceContext } from '../context.ts';
import { checkDestination } from '../destination/check-destination.ts';
import { destinationKind } from '../destination/destination-kind.ts';
import { checkSource } from '../source/check-source.ts';
import { sourceKind } from '../source/source-kind.ts';

/** Checks a connection as it is saved; the outcome is kept with it. Does nothing when it is gone. */
export async function checkSaved(
  ctx: ServiceContext,
  input: { workspaceId: number; noun: 'source' | 'destination'; connectionId: number },
  options: { signal: AbortSignal },
): Promise<void> {
  const { workspaceId, noun, connectionId } = input;
  const kind = noun === 'source' ? sourceKind : destinationKind;
  const row = await kind.rows.find(ctx.db, workspaceId, connectionId);
  if (!row) return;
  const check = noun === 'source' ? checkSource : checkDestination;
  const configuration = row.configuration as Record<string, unknown>;
  await check(
    ctx,
    systemActor(workspaceId, 'Sluice'),
    { id: row.id, type: row.type, configuration },
    options,
  );
}
