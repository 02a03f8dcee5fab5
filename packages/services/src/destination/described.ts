import type { Database } from '@sluice/db/client';
import { getConnectionRow } from '../connection/get-connection-row.ts';
import type { ServiceContext } from '../context.ts';
import { destinationKind } from './destination-kind.ts';
import { getDestinationDefinition } from './get-destination-definition.ts';

/** Fields and lists change while somebody edits a sync, so what was read holds for minutes, not for days. */
const keptMs = 5 * 60_000;
const entriesMax = 500;

const answers = new WeakMap<Database, Map<string, { readonly at: number; readonly answer: unknown }>>();

/**
 * What a tool said about itself in the last five minutes, or what `read` answers now: describing its objects takes
 * several requests, and its own limits pay for them. With `refresh`, and once its connection has changed, it is asked
 * anew. Databases answer at once and are asked each time. Throws `not_found`, and what `read` throws.
 */
export async function described<Answer>(
  ctx: Pick<ServiceContext, 'db'>,
  of: { readonly workspaceId: number; readonly destinationId: number; readonly question: string },
  refresh: boolean,
  read: () => Promise<Answer>,
): Promise<Answer> {
  const row = await getConnectionRow(ctx.db, destinationKind, of.workspaceId, of.destinationId);
  if (getDestinationDefinition(row.type).category === 'database') return read();
  const key = JSON.stringify([of.workspaceId, of.destinationId, row.updatedAt.getTime(), of.question]);
  const kept = answers.get(ctx.db) ?? new Map<string, { at: number; answer: unknown }>();
  answers.set(ctx.db, kept);
  const known = kept.get(key);
  if (known && !refresh && Date.now() - known.at < keptMs) return known.answer as Answer;
  const answer = await read();
  kept.delete(key);
  kept.set(key, { at: Date.now(), answer });
  for (const oldest of kept.keys()) {
    if (kept.size <= entriesMax) break;
    kept.delete(oldest);
  }
  return answer;
}
