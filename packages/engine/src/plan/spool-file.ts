import type { SpooledResult } from '@sluice/connectors/kit/source';
import { canonicalSql } from '@sluice/connectors/kit/spool-form';
import type { Duck } from '../duck.ts';
import { literal } from '../sql.ts';

/** The files of a spool, and what is in them. */
export type SpoolFiles = Pick<SpooledResult, 'columns' | 'forms' | 'files'> & {
  readonly path: string;
  /** Each row has one more column: `oversize`, the bytes that a row had which is too long, and was cut. */
  readonly cut?: boolean;
};

/**
 * SQL that reads a spool as columns `c0…` of canonical text, with rows of at most `duck.rowBytesMax`. Each file is read by one thread:
 * several in one file would have to guess where rows begin.
 */
export function spoolSql(duck: Pick<Duck, 'rowBytesMax'>, spool: SpoolFiles): string {
  // The comma before `oversize` does not count, nor does the end of the line.
  const rowBytesMax = duck.rowBytesMax + (spool.cut ? 2 : 0);
  const written = `read_csv([${filesOf(spool).map(literal).join(', ')}], auto_detect=false, header=false, delim=',', quote='"', escape='"',
    nullstr='', allow_quoted_nulls=false, new_line='\\n', strict_mode=true, parallel=false,
    max_line_size=${rowBytesMax}, buffer_size=${2 * rowBytesMax},
    columns={${spool.columns.map((_, index) => `'c${index}': 'VARCHAR'`).join(', ')}${spool.cut ? `, 'oversize': 'BIGINT'` : ''}})`;
  const forms = spool.forms ?? [];
  if (forms.every((form) => form === 'canonical')) return written;
  const texts = forms.map((form, index) => `${canonicalSql(form, `c${index}`)} AS c${index}`);
  return `(SELECT ${texts.join(', ')}${spool.cut ? ', oversize' : ''} FROM ${written})`;
}

/** The files that a spool consists of. */
export const filesOf = (spool: Pick<SpooledResult, 'files'> & { readonly path: string }): readonly string[] =>
  spool.files ?? [spool.path];

/** The first row of a spool file whose column at `position` has this text; `null` if there is none. */
export async function findSpooledRow(
  duck: Duck,
  spool: SpooledResult & { readonly path: string },
  position: number,
  text: string,
): Promise<(string | null)[] | null> {
  const [row] = await duck.rows(
    `SELECT * FROM ${spoolSql(duck, spool)} WHERE c${position} = ${literal(text)} LIMIT 1`,
  );
  return row ? row.map((cell) => (cell === null ? null : String(cell))) : null;
}
