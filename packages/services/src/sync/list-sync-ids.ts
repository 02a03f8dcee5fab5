import type { Connection } from '@sluice/db/client';

/** Ids of the syncs of each model, or of each destination, ascending; what has none is not in the answer. */
export async function listSyncIds(
  db: Connection,
  workspaceId: number,
  by: 'model' | 'destination',
  ids: readonly number[],
): Promise<Map<number, { id: number }[]>> {
  if (ids.length === 0) return new Map();
  const of = [...ids];
  const rows = await (by === 'model'
    ? db.$queryRaw<{ of: number; ids: number[] }[]>`
        select model_id as of, array_agg(id order by id) as ids from syncs
        where workspace_id = ${workspaceId} and model_id = any(${of}::int[]) group by model_id`
    : db.$queryRaw<{ of: number; ids: number[] }[]>`
        select destination_id as of, array_agg(id order by id) as ids from syncs
        where workspace_id = ${workspaceId} and destination_id = any(${of}::int[]) group by destination_id`);
  return new Map(rows.map((row) => [row.of, row.ids.map((id) => ({ id }))]));
}
