import type { TestWorld } from '@sluice/services/testing/open-test-world';

/** Fills the workspace of the world with idle syncs and ended runs of a realistic size. Answers the lowest sync's id. */
export async function seed(world: TestWorld, amount: { syncs: number; runs: number }): Promise<number> {
  const { db } = world.ctx;
  const { workspaceId } = world.actor;
  const modelId = await world.model({ sql: 'select 1 as id' });
  const mappings = Array.from({ length: 12 }, (_, index) => ({
    type: 'column',
    from: `column_${index}`,
    to: `field_${index}`,
  }));
  const configuration = JSON.stringify({
    object: 'public.people',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'id' },
    mappings,
    deleteBehaviour: 'nothing',
    triggers: [],
    options: {},
    guards: { removedShareMax: 0.3, changedRowsMax: null },
  });
  const counts = (added: number) => ({ added, changed: 5, removed: 1 });
  const runCounts = JSON.stringify({
    queried: 1000,
    unchanged: 900,
    planned: counts(90),
    delivered: counts(90),
    rejected: { added: 0, changed: 0, removed: 0 },
  });
  await db.$executeRaw`
    insert into syncs (workspace_id, model_id, destination_id, slug, configuration, referenced_columns, status,
      last_run_at, updated_at)
    select ${workspaceId}, ${modelId}, ${world.destinations.postgresql}, 'bench-' || n, ${configuration}::jsonb,
      array['*'], 'success', now() - n * interval '1 second', now() - n * interval '1 minute'
    from generate_series(1, ${amount.syncs}::int) n`;
  const [first] = await db.$queryRaw<
    { id: number }[]
  >`select min(id) as id from syncs where slug like 'bench-%'`;
  const firstId = first?.id ?? 0;
  await db.$executeRaw`
    insert into runs (workspace_id, sync_id, status, trigger, triggered_by, specification, plan, counts,
      completion_ratio, created_at, started_at, finished_at)
    select ${workspaceId}, ${firstId} + n % ${amount.syncs}::int,
      case when n % 50 = 0 then 'failed' when n % 20 = 0 then 'warning' else 'success' end,
      'schedule', 'Schedule', jsonb_build_object('configuration', ${configuration}::jsonb), ${runCounts}::jsonb,
      ${runCounts}::jsonb, 1, at, at + interval '1 second', at + interval '30 seconds'
    from generate_series(1, ${amount.runs}::int) n,
      lateral (select now() - (${amount.runs}::int - n) * interval '30 seconds' as at) t`;
  await db.$executeRawUnsafe('analyze');
  return firstId;
}
