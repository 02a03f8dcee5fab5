import { columnList, literal } from '../sql.ts';

/** How a base is named that is a copy of the plan of a first run. */
export const planBaseSuffix = '.plan.base.parquet';

/**
 * SQL of the rows of a base: `key`, `fp`, `doubt` and `k0…`. When every row of a first run was delivered, its plan says
 * the same as the ledger that follows from it: a copy of the file costs a fraction of writing all rows again.
 */
export function baseSql(file: { readonly key: string; readonly path: string }, keptColumns: number): string {
  const rows = `read_parquet(${literal(file.path)})`;
  if (!file.key.endsWith(planBaseSuffix)) return rows;
  return `(SELECT key, fp, 'none' AS doubt${columnList(keptColumns, (index) => `v${index} AS k${index}`)} FROM ${rows})`;
}
