import type { ServiceContext } from '../context.ts';

/**
 * Every row of every table as text, the queue's included, by table. With a workspace only rows of tables that carry
 * one, and only its own.
 */
export async function dumpTables(
  ctx: Pick<ServiceContext, 'db'>,
  workspaceId?: number,
): Promise<Map<string, string[]>> {
  const tables = await ctx.db.$queryRaw<{ name: string }[]>`
    select quote_ident(t.table_schema) || '.' || quote_ident(t.table_name) as name
    from information_schema.tables t
    where t.table_type = 'BASE TABLE' and t.table_schema not in ('pg_catalog', 'information_schema')
      and (${workspaceId ?? null}::int is null or exists (
        select from information_schema.columns c
        where c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_name = 'workspace_id'))
    order by 1`;
  const dump = new Map<string, string[]>();
  for (const { name } of tables) {
    const where = workspaceId === undefined ? '' : `where workspace_id = ${Number(workspaceId)}`;
    const rows = await ctx.db.$queryRawUnsafe<{ row: string }[]>(
      `select t::text as row from ${name} t ${where} order by 1`,
    );
    dump.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return dump;
}
