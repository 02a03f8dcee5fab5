import type { Column } from '@sluice/domain/column';
import type { ResyncKind } from '@sluice/domain/sync';
import type { SeqRange } from '../deliver/seq-ranges.ts';
import type { OpenPlan } from '../plan/open-plan.ts';
import { columnList, literal } from '../sql.ts';
import type { OpenLedger } from './open-ledger.ts';

interface LedgerWrite {
  readonly plan: Omit<OpenPlan, 'counts'>;
  readonly old: OpenLedger;
  /** Definitions of the columns to write as `k0…`. */
  readonly kept: readonly Column[];
  readonly settled: readonly SeqRange[];
  readonly resync: ResyncKind;
  readonly path: string;
}

/**
 * Writes a whole ledger, in DuckDB alone and so in bounded memory; answers its number of rows, and of those in doubt.
 *
 * | row of the plan | its row in the new ledger |
 * | --- | --- |
 * | delivered, or not sent by the mode | added, changed: the new values; removed: none |
 * | uncertain | the values that may have arrived, without fingerprint, in doubt |
 * | rejected, not attempted, held | as before, an older doubt included |
 *
 * Rows that are not in the plan stay as they are; a full resync keeps only those in doubt, a reset none.
 */
export async function writeBase(write: LedgerWrite): Promise<{ rows: number; doubts: number }> {
  const { plan, old, kept } = write;
  const { before, after, doubtful } = valuesOf(write);
  const untouched =
    write.resync === 'full' ? `l.doubt <> 'none'` : write.resync === 'reset' ? 'false' : 'true';
  const fromLedger =
    old.key === null
      ? ''
      : `SELECT l.key, l.fp, l.doubt ${columnList(kept.length, (index) => `${before('k')(index)} AS k${index}`)}
         FROM ${old.relation} l ANTI JOIN (SELECT key FROM read_parquet(${literal(plan.path)})) p ON p.key = l.key
         WHERE ${untouched}
         UNION ALL`;
  const pick = (taken: string, unclear: string, rest: string): string =>
    `CASE WHEN taken THEN ${taken} WHEN doubtful THEN ${unclear} ELSE ${rest} END`;
  const value = (index: number): string => pick(after(index), doubtful(index), before('o')(index));
  const rows = await plan.duck.run(`
    COPY (
      ${fromLedger}
      SELECT key, ${pick('fp', 'NULL', 'old_fp')} AS fp, ${pick(`'none'`, doubtSql, 'old_doubt')} AS doubt
        ${columnList(kept.length, (index) => `${value(index)} AS k${index}`)}
      FROM (${judged(write)})
      WHERE CASE WHEN taken THEN class <> 'removed' ELSE doubtful OR known END
    ) TO ${literal(write.path)} (${fileOptions})`);
  const [doubts] = await plan.duck.rows(
    `SELECT count(*)::INTEGER FROM read_parquet(${literal(write.path)}) WHERE doubt <> 'none'`,
  );
  return { rows, doubts: Number(doubts?.[0]) };
}

/**
 * Writes the rows that have moved, in the columns of a base and `gone`: the key is no longer held. Answers how many
 * keys came and went, and how many more are in doubt than before.
 */
export async function writeDelta(
  write: LedgerWrite,
): Promise<{ added: number; gone: number; doubts: number }> {
  const { kept, plan } = write;
  const { after, doubtful } = valuesOf(write);
  const value = (index: number): string => `CASE WHEN taken THEN ${after(index)} ELSE ${doubtful(index)} END`;
  await plan.duck.run(`
    COPY (
      SELECT key, CASE WHEN taken THEN fp END AS fp, CASE WHEN taken THEN 'none' ELSE ${doubtSql} END AS doubt
        ${columnList(kept.length, (index) => `${value(index)} AS k${index}`)}, ${goneSql} AS gone
      FROM (${judged(write)}) WHERE taken OR doubtful
    ) TO ${literal(write.path)} (${fileOptions})`);
  const [counts] = await plan.duck.rows(`
    SELECT count(*) FILTER (NOT known AND NOT ${goneSql})::INTEGER, count(*) FILTER (known AND ${goneSql})::INTEGER,
      (count(*) FILTER (NOT taken) - count(*) FILTER (coalesce(old_doubt, 'none') <> 'none'))::INTEGER
    FROM (${judged(write)}) WHERE taken OR doubtful`);
  return { added: Number(counts?.[0]), gone: Number(counts?.[1]), doubts: Number(counts?.[2]) };
}

const fileOptions = `FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES '16MB'`;
const doubtSql = `CASE class WHEN 'added' THEN 'add' WHEN 'changed' THEN 'change' ELSE 'remove' END`;
const goneSql = `(taken AND class = 'removed')`;

/** The rows of the plan and what became of them: `taken` by the destination, or `doubtful`. */
function judged({ plan, settled }: LedgerWrite): string {
  const notSent = plan.metadata.holds ? 'NOT (p.sent OR p.held)' : 'NOT p.sent';
  const inRanges = settled.map(({ from, to }) => `p.seq BETWEEN ${from} AND ${to}`).join(' OR ') || 'false';
  return `
    SELECT p.*, coalesce(e.uncertain, false) AS doubtful, ${notSent} OR (e.seq IS NULL AND (${inRanges})) AS taken
    FROM read_parquet(${literal(plan.path)}) p LEFT JOIN exceptions e ON e.seq = p.seq`;
}

/** SQL of a kept value: as the old ledger has it, as the plan has it, as it may have arrived. */
function valuesOf({ plan: { metadata }, kept, resync }: LedgerWrite) {
  const before =
    (prefix: 'k' | 'o') =>
    (index: number): string => {
      const old = metadata.ledgerValues.findIndex((column) => column.name === kept[index]?.name);
      return old < 0 ? 'NULL::VARCHAR' : `${prefix}${old}`;
    };
  const isKept = (index: number): boolean =>
    metadata.ledgerValues.some((column) => column.name === kept[index]?.name);
  // A row that is only carried was not sent: what the destination holds is what it held, a correction by hand included.
  const after = (index: number): string => {
    const value = `v${metadata.kept[index]}`;
    return resync === 'reset' || !isKept(index)
      ? value
      : `CASE WHEN class = 'unchanged' AND known THEN ${before('o')(index)} ELSE ${value} END`;
  };
  // A removal that is replayed after its row was forgotten brings its values along.
  const doubtful = (index: number): string =>
    `CASE WHEN class = 'removed' AND known THEN ${before('o')(index)} ELSE v${metadata.kept[index]} END`;
  return { before, after, doubtful };
}
