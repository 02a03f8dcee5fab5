import type { SchemaTable } from '@sluice/domain/connector';
import type { PgSession } from '../../kit/pg-connection.ts';
import { plannerSchema } from '../../kit/planner.ts';

/** Tables and views that the user may read, with their columns; at most 10,000, by schema and name. One query. */
export async function introspect(session: PgSession): Promise<SchemaTable[]> {
  const rows = await session.queryText(tablesSql);
  return rows.map(([schema, name, kind, names, types, keys]) => {
    const columnTypes = readList(types);
    const primary = readList(keys);
    return {
      schema: schema ?? '',
      name: name ?? '',
      kind: kind === 'table' ? 'table' : 'view',
      columns: readList(names).map((column, index) => ({
        name: column,
        nativeType: columnTypes[index] ?? 'unknown',
        primaryKey: primary[index] === 't',
      })),
    };
  });
}

const readList = (json: string | null | undefined): string[] => (json ? (JSON.parse(json) as string[]) : []);

// Partitions are left out: their rows are read through the table they belong to.
const tablesSql = `
  WITH relation AS (
    SELECT class.oid, space.nspname, class.relname,
      CASE WHEN class.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END AS kind
    FROM pg_catalog.pg_class class
    JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
    WHERE class.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT class.relispartition
      AND space.nspname NOT IN ('pg_catalog', 'information_schema', '${plannerSchema}') AND space.nspname NOT LIKE 'pg\\_%'
      AND has_schema_privilege(space.oid, 'USAGE')
      AND (has_table_privilege(class.oid, 'SELECT') OR has_any_column_privilege(class.oid, 'SELECT'))
    ORDER BY space.nspname, class.relname
    LIMIT 10000
  )
  SELECT relation.nspname, relation.relname, relation.kind,
    json_agg(attribute.attname ORDER BY attribute.attnum)::text,
    json_agg(format_type(attribute.atttypid, attribute.atttypmod) ORDER BY attribute.attnum)::text,
    json_agg(CASE WHEN attribute.attnum = ANY (key.indkey::int2[]) THEN 't' ELSE 'f' END
      ORDER BY attribute.attnum)::text
  FROM relation
  JOIN pg_catalog.pg_attribute attribute
    ON attribute.attrelid = relation.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
  LEFT JOIN pg_catalog.pg_index key ON key.indrelid = relation.oid AND key.indisprimary
  GROUP BY relation.nspname, relation.relname, relation.kind
  ORDER BY relation.nspname, relation.relname`;
