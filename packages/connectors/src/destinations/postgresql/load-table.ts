import { SluiceError } from '@sluice/domain/error';
import type { PgSession } from '../../kit/pg-connection.ts';
import type { Table } from './table.ts';
import { parseTableId } from './table-id.ts';

/** Reads a table from the catalog. Throws `destination_object_missing`. */
export async function loadTable(session: PgSession, id: string): Promise<Table> {
  const name = parseTableId(id);
  const found = name ? await session.query<TableRow>(tableQuery, [name.schema, name.name]) : null;
  const row = found?.rows[0];
  if (!name || !row) {
    throw new SluiceError('destination_object_missing', `There is no table ${id} that this user can see.`, {
      fix: 'Choose another table, create it, or grant USAGE on its schema.',
    });
  }
  const columns = await session.query<ColumnRow>(columnsQuery, [row.oid]);
  return {
    ...name,
    hasRules: row.has_rules,
    may: { select: row.may_select, insert: row.may_insert, update: row.may_update, delete: row.may_delete },
    columns: columns.rows.map((column) => ({
      name: column.name,
      nativeType: column.native_type,
      castType: column.cast_type,
      shape: shapeOf(column),
      category: column.category,
      notNull: column.not_null,
      hasDefault: column.has_default,
      generated: column.generated,
      unique: column.is_unique,
    })),
  };
}

/** An index that ON CONFLICT can use for one column: unique at once, whole, without expressions. */
export const uniqueIndexOf = (attribute: string): string => `exists (
  select from pg_catalog.pg_index i
  where i.indrelid = ${attribute}.attrelid and i.indisunique and i.indisvalid and i.indisready and i.indimmediate
    and i.indnkeyatts = 1 and i.indkey[0] = ${attribute}.attnum and i.indpred is null and i.indexprs is null
)`;

interface TableRow {
  oid: number;
  has_rules: boolean;
  may_select: boolean;
  may_insert: boolean;
  may_update: boolean;
  may_delete: boolean;
}

const tableQuery = `
select c.oid, c.relhasrules as has_rules,
  pg_catalog.has_any_column_privilege(c.oid, 'SELECT') as may_select,
  pg_catalog.has_any_column_privilege(c.oid, 'INSERT') as may_insert,
  pg_catalog.has_any_column_privilege(c.oid, 'UPDATE') as may_update,
  pg_catalog.has_table_privilege(c.oid, 'DELETE') as may_delete
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')
  and pg_catalog.has_schema_privilege(n.oid, 'USAGE')`;

interface ColumnRow {
  name: string;
  native_type: string;
  cast_type: string;
  category: string;
  not_null: boolean;
  has_default: boolean;
  generated: boolean;
  is_unique: boolean;
}

const columnsQuery = `
with recursive resolved as (
  select a.attnum, t.oid, t.typtype, t.typbasetype, t.typcategory, a.attnotnull or t.typnotnull as not_null
  from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
  where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
  union all
  select r.attnum, t.oid, t.typtype, t.typbasetype, t.typcategory, r.not_null or t.typnotnull
  from resolved r join pg_catalog.pg_type t on t.oid = r.typbasetype
  where r.typtype = 'd'
)
select a.attname as name,
  pg_catalog.format_type(a.atttypid, a.atttypmod) as native_type,
  pg_catalog.format_type(r.oid, -1) as cast_type,
  r.typcategory as category,
  r.not_null as not_null,
  a.atthasdef or a.attidentity = 'd' as has_default,
  a.attgenerated <> '' or a.attidentity = 'a' as generated,
  ${uniqueIndexOf('a')} as is_unique
from pg_catalog.pg_attribute a
join resolved r on r.attnum = a.attnum and r.typtype <> 'd'
where a.attrelid = $1
order by a.attnum`;

function shapeOf(column: ColumnRow): 'scalar' | 'json' | 'array' {
  if (column.cast_type === 'json' || column.cast_type === 'jsonb') return 'json';
  return column.category === 'A' ? 'array' : 'scalar';
}
