import type { DestinationObject } from '@sluice/domain/connector';
import type { SyncModeId } from '@sluice/domain/sync-mode';
import type { PgSession } from '../../kit/pg-connection.ts';
import { uniqueIndexOf } from './load-table.ts';
import { tableId } from './table-id.ts';

/** Tables of the schemas that the user may use, at most 10,000. */
export async function listTables(session: PgSession): Promise<DestinationObject[]> {
  const found = await session.query<{ schema: string; name: string; matchable: boolean }>(tablesQuery);
  return found.rows.map(({ schema, name, matchable }) => {
    const id = tableId({ schema, name });
    return { id, label: id, modes: modesOf(matchable) };
  });
}

/** Records can only be found again by a unique column: without one a table takes inserts only. */
export const modesOf = (matchable: boolean): SyncModeId[] =>
  matchable ? ['upsert', 'insert', 'update', 'mirror'] : ['insert'];

const tablesQuery = `
select n.nspname as schema, c.relname as name,
  exists (
    select from pg_catalog.pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and ${uniqueIndexOf('a')}
  ) as matchable
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition
  and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
  and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
order by n.nspname, c.relname
limit 10000`;
