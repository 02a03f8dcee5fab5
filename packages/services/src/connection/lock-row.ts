import type { Connection } from '@sluice/db/client';

/** Holds a row for the rest of the transaction, so that nothing can begin to refer to it or change it meanwhile. */
export async function lockRow(
  tx: Connection,
  table: 'sources' | 'models' | 'destinations' | 'syncs' | 'dbt_projects',
  workspaceId: number,
  id: number,
): Promise<void> {
  await tx.$queryRawUnsafe(
    `select 1 from ${table} where workspace_id = $1 and id = $2 for update`,
    workspaceId,
    id,
  );
}
