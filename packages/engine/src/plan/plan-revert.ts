import type { RunSelection } from '@sluice/domain/run-selection';
import type { OpenLedger } from '../ledger/open-ledger.ts';
import { columnList } from '../sql.ts';
import { type AskedRows, leftAlone } from './asked-rows.ts';
import { fingerprintSql } from './fingerprint.ts';
import type { PastRows } from './past-rows.ts';
import { fingerprintedNames } from './plan-changes.ts';

/**
 * What an ended run delivered, taken back: changed rows get the values that the ledger had before it, removed ones are
 * made anew from them, added ones are removed. Rows whose values before were in doubt are left alone.
 */
export function askRevert(
  selection: RunSelection & { readonly type: 'revert' },
  { metadata, relation }: PastRows,
  ledger: OpenLedger,
): AskedRows {
  const { ledgerValues, values } = metadata;
  const before = (name: string): string | null => {
    const index = ledgerValues.findIndex((column) => column.name === name);
    return index < 0 ? null : `o${index}`;
  };
  // Where the ledger of then did not keep a column, nobody knows what to send back.
  const complete = values.every(({ name }) => before(name) !== null);
  const names = (ledger.fingerprinted ?? []).filter((name) => name !== metadata.primaryKey.name);
  const covered = names.map((name) => ({ name, sql: before(name) ?? '' }));
  const fp = covered.every(({ sql }) => sql !== '') ? fingerprintSql(covered) : 'NULL::BLOB';
  const replaced = (index: number): string =>
    `CASE WHEN known THEN ${before(values[index]?.name ?? '') ?? 'NULL'} ELSE v${index} END`;
  const comparable = JSON.stringify(fingerprintedNames(metadata)) === JSON.stringify(ledger.fingerprinted);
  return {
    primaryKey: metadata.primaryKey,
    values,
    expected: values,
    fingerprinted: ledger.fingerprinted ?? [],
    relation: `(
      SELECT key, CASE
          WHEN known AND (${!complete} OR coalesce(old_doubt, 'none') <> 'none') THEN ${leftAlone}
          WHEN class = 'removed' THEN 'added'
          WHEN known THEN 'changed'
          WHEN ${selection.added === 'delete'} THEN 'removed'
          ELSE ${leftAlone} END AS class,
        ${fp} AS fp, class <> 'removed' AS was_known, fp AS was_fp, 'none' AS was_doubt,
        ${comparable} AS check_fp, class <> 'removed' AS check_values
        ${columnList(values.length, (index) => `v${index} AS e${index}`)}
        ${columnList(values.length, (index) => `${replaced(index)} AS v${index}`)}
      FROM ${relation} WHERE outcome = 'delivered')`,
  };
}
