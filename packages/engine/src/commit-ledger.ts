import { join } from 'node:path';
import type { ResyncKind } from '@sluice/domain/sync';
import { type LedgerMetadata, metadataOption } from './file-metadata.ts';
import type { OpenPlan } from './open-plan.ts';
import { fingerprintedNames } from './plan-changes.ts';
import type { SeqRange } from './seq-ranges.ts';
import { columnList, literal } from './sql.ts';

/**
 * Writes the ledger that follows from the old one, the plan and what became of its rows (settled ranges and the table
 * `exceptions`). In DuckDB alone, so in bounded memory:
 *
 * | row of the plan | its row in the new ledger |
 * | --- | --- |
 * | delivered, or not sent by the mode | added, changed: the new values; removed: none |
 * | uncertain | the values that may have arrived, without fingerprint, in doubt |
 * | rejected, not attempted | as before, an older doubt included |
 *
 * Rows that are not in the plan stay as they are; a full resync keeps only those in doubt, a reset none.
 */
export async function commitLedger(
  plan: OpenPlan,
  input: {
    readonly ledgerPath: string | null;
    readonly settled: readonly SeqRange[];
    readonly resync: ResyncKind;
    readonly workDirectory: string;
  },
): Promise<{ path: string; rows: number }> {
  const { metadata, duck } = plan;
  const kept = metadata.kept.flatMap((position) => metadata.values[position] ?? []);
  const before = (prefix: 'k' | 'o') => (index: number) => {
    const old = metadata.ledgerValues.findIndex((column) => column.name === kept[index]?.name);
    return old < 0 ? 'NULL::VARCHAR' : `${prefix}${old}`;
  };
  const after = (index: number): string => `v${metadata.kept[index]}`;
  const doubtOf = `CASE class WHEN 'added' THEN 'add' WHEN 'changed' THEN 'change' ELSE 'remove' END`;
  const path = join(input.workDirectory, 'ledger.parquet');
  const planFile = `read_parquet(${literal(plan.path)})`;
  const untouched = {
    none: 'true',
    full: `l.doubt <> 'none'`,
    reset: 'false',
  }[input.resync];
  const fromLedger = input.ledgerPath
    ? `SELECT l.key, l.fp, l.doubt ${columnList(kept.length, (index) => `${before('k')(index)} AS k${index}`)}
       FROM read_parquet(${literal(input.ledgerPath)}) l ANTI JOIN (SELECT key FROM ${planFile}) p ON p.key = l.key
       WHERE ${untouched}
       UNION ALL`
    : '';
  const pick = (taken: string, doubtful: string, old: string): string =>
    `CASE WHEN taken THEN ${taken} WHEN doubtful THEN ${doubtful} ELSE ${old} END`;
  const doubtfulValue = (index: number): string =>
    `CASE WHEN class = 'removed' THEN ${before('o')(index)} ELSE ${after(index)} END`;
  const metadataOfLedger: LedgerMetadata = {
    version: 1,
    primaryKey: metadata.primaryKey.name,
    fingerprinted: fingerprintedNames(metadata),
    kept,
  };
  const rows = await duck.run(`
    COPY (
      ${fromLedger}
      SELECT key, ${pick('fp', 'NULL', 'old_fp')} AS fp, ${pick(`'none'`, doubtOf, 'old_doubt')} AS doubt
        ${columnList(kept.length, (index) => `${pick(after(index), doubtfulValue(index), before('o')(index))} AS k${index}`)}
      FROM (
        SELECT p.*, coalesce(e.uncertain, false) AS doubtful,
          NOT p.sent OR (e.seq IS NULL AND (${inRanges(input.settled)})) AS taken
        FROM ${planFile} p LEFT JOIN exceptions e ON e.seq = p.seq)
      WHERE CASE WHEN taken THEN class <> 'removed' ELSE doubtful OR known END
    ) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES '16MB',
      ${metadataOption(metadataOfLedger)})`);
  return { path, rows };
}

const inRanges = (ranges: readonly SeqRange[]): string =>
  ranges.map(({ from, to }) => `p.seq BETWEEN ${from} AND ${to}`).join(' OR ') || 'false';
