import { literal } from '../sql.ts';

/** The fingerprint of a row of which not all values were read: no row has it. */
export const unknownFingerprint = `unhex(md5('a row that is too long'))`;

/**
 * SQL of the 128-bit fingerprint of a row. Each value is preceded by its length in bytes, and NULL has its own mark, so
 * that no two rows read alike: ('a','') and ('', NULL), or ('ab','c') and ('a','bc'). The names are part of it.
 */
export function fingerprintSql(columns: readonly { readonly name: string; readonly sql: string }[]): string {
  const parts = [...columns]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    // As three arguments, of which NULLs vanish: to build `length:value` first costs a copy of each value.
    .map(
      ({ sql }) =>
        `CASE WHEN ${sql} IS NULL THEN 'N' ELSE strlen(${sql})::VARCHAR END, CASE WHEN ${sql} IS NULL THEN '' ELSE ':' END, ${sql}`,
    );
  const names = JSON.stringify(columns.map(({ name }) => name).sort());
  return `unhex(md5(concat(md5(${literal(names)}), ${[...parts, "''"].join(', ')})))`;
}
