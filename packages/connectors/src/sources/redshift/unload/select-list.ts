import type { Column } from '@sluice/domain/column';
import { quoteIdentifier } from '../../../kit/sql-identifier.ts';

/** How a column travels in a Parquet file: SQL of Redshift that puts it there, and of DuckDB that takes it out. */
interface Passage {
  readonly put: string;
  readonly take: string;
}

/**
 * What Parquet files carry as exactly as the wire does. Redshift writes no VARBYTE, GEOMETRY and HLLSKETCH into them, and a
 * TIMESTAMPTZ without its zone. https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html (read 2026-11-22)
 */
function passageOf({ name, type, nativeType }: Column, alias: string): Passage | null {
  const column = quoteIdentifier(name);
  const plain: Passage = { put: column, take: alias };
  switch (type) {
    case 'boolean':
    case 'integer':
    case 'float':
    case 'date':
      return plain;
    case 'decimal':
      // Without a precision it has one of its own in every row.
      return nativeType === 'numeric' ? null : plain;
    case 'string': {
      const padded = /^char\((\d+)\)$/.exec(nativeType)?.[1];
      if (padded !== undefined) return { put: `RPAD(${column}, ${padded})`, take: alias };
      return /^(varchar|text)\b/.test(nativeType) ? plain : null;
    }
    case 'time':
      return nativeType === 'time' ? { put: `CAST(${column} AS VARCHAR(20))`, take: alias } : null;
    case 'timestamp':
      return nativeType === 'timestamp'
        ? plain
        : { put: `${column} AT TIME ZONE 'UTC'`, take: `${alias}::TIMESTAMP AT TIME ZONE 'UTC'` };
    case 'json':
      return { put: column, take: `${alias}::JSON` };
    default:
      return null;
  }
}

/** `null` where some column cannot travel so. */
export function unloadSelect(
  statement: string,
  columns: readonly Column[],
): { readonly unloaded: string; readonly read: (files: string) => string } | null {
  const passages = columns.map((column, index) => passageOf(column, `c${index + 1}`));
  const put = passages.map((passage, index) => `${passage?.put} AS c${index + 1}`);
  const take = passages.map((passage, index) => `${passage?.take} AS v${index + 1}`);
  if (passages.some((passage) => passage === null)) return null;
  return {
    // In a subquery, where it may have a LIMIT.
    unloaded: `SELECT ${put.join(', ')} FROM (\n${statement}\n) AS sluice_model`,
    read: (files) => `SELECT ${take.join(', ')} FROM read_parquet(${files})`,
  };
}

/** A text as UNLOAD takes it; `null` where neither way of writing it holds it. A backslash may hide the quote behind it. */
export function quotedStatement(text: string): string | null {
  if (!text.includes('\\')) return `'${text.replaceAll("'", "''")}'`;
  return text.includes('$$') ? null : `$$${text}$$`;
}
