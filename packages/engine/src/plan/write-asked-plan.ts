import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChangeClass, changeClasses, noRunCounts, type RunCounts } from '@sluice/domain/change';
import type { SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf, ownsRecord } from '@sluice/domain/sync-mode';
import type { Duck } from '../duck.ts';
import { metadataOption, type PlanMetadata } from '../ledger/file-metadata.ts';
import type { OpenLedger } from '../ledger/open-ledger.ts';
import { columnList, literal } from '../sql.ts';
import type { AskedRows } from './asked-rows.ts';
import type { MadePlan } from './make-plan.ts';

/**
 * Holds asked rows against the ledger of now and writes them as a plan like any other. A row is left alone, and counted
 * as superseded, when something newer is known of its key, when the mode does not send its class, and when removing it
 * would take the record of another row.
 */
export async function writeAskedPlan(
  duck: Duck,
  asked: AskedRows,
  ledger: OpenLedger,
  configuration: SyncConfiguration,
  workDirectory: string,
): Promise<MadePlan> {
  const staged = join(workDirectory, 'asked.parquet');
  const total = await duck.run(
    `COPY (SELECT * FROM ${asked.relation}) TO ${literal(staged)} (FORMAT parquet, ROW_GROUP_SIZE 20480)`,
  );
  const rows = `read_parquet(${literal(staged)})`;
  const extra = ledger.kept.flatMap((column, index) =>
    asked.values.some(({ name }) => name === column.name) ? [] : [{ column, index }],
  );
  const values = [...asked.values, ...extra.map(({ column }) => column)];
  const metadata: PlanMetadata = {
    version: 1,
    primaryKey: asked.primaryKey,
    values,
    // The ledger keeps the columns it has: what it says of all other rows is about those.
    kept:
      ledger.key === null
        ? asked.values.map((_, index) => index)
        : ledger.kept.map(({ name }) => values.findIndex((column) => column.name === name)),
    ledgerValues: ledger.kept,
    ledgerKey: ledger.key,
    ledgerRows: ledger.rows,
    carriesUnchanged: false,
    twins: true,
    holds: true,
    holdsDoubts: configuration.doubt === 'hold',
    fingerprinted: ledger.fingerprinted ?? asked.fingerprinted,
  };
  const comparable = JSON.stringify(metadata.fingerprinted) === JSON.stringify(asked.fingerprinted);
  await choose(duck, { rows, asked, ledger, configuration });
  const path = join(workDirectory, 'plan.parquet');
  await duck.run(`
    COPY (
      SELECT c.seq, a.class, true AS sent, false AS held, a.key, ${comparable ? 'a.fp' : 'NULL::BLOB'} AS fp,
        l.key IS NOT NULL AS known, l.fp AS old_fp, l.doubt AS old_doubt
        ${columnList(ledger.kept.length, (index) => `l.k${index} AS o${index}`)}
        ${columnList(asked.values.length, (index) => `a.v${index}`)}
        ${columnList(extra.length, (at) => `l.k${extra[at]?.index} AS v${asked.values.length + at}`)},
        (0${values.map((_, index) => ` + coalesce(strlen(v${index}), 0)`).join('')})::INTEGER AS bytes, c.twin
      FROM asked_positions c JOIN ${rows} a ON a.key = c.key LEFT JOIN ${ledger.relation} l ON l.key = c.key
      ORDER BY c.seq
    ) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 10240, ROW_GROUP_SIZE_BYTES '16MB',
      ${metadataOption(metadata)})`);
  const counts = await countAsked(duck, total);
  await duck.run('DROP TABLE asked_positions');
  await rm(staged, { force: true });
  const size = counts.planned.added + counts.planned.changed + counts.planned.removed;
  return { path, size, counts, metadata, columns: [asked.primaryKey, ...values], keyExamples: [] };
}

/** Fills the table `asked_positions` with the rows that are sent: `seq`, `class`, `key`, `twin`. */
async function choose(
  duck: Duck,
  input: { rows: string; asked: AskedRows; ledger: OpenLedger; configuration: SyncConfiguration },
): Promise<void> {
  const { rows, asked, ledger, configuration } = input;
  const operations = operationsOf(configuration);
  const sent = changeClasses.filter((name) => operations[name] !== null);
  const owning = sent.filter((name) => ownsRecord(operations[name] ?? 'create'));
  const same = asked.expected.flatMap(({ name }, index) => {
    const kept = ledger.kept.findIndex((column) => column.name === name);
    return kept < 0 ? [] : [`a.e${index} IS NOT DISTINCT FROM l.k${kept}`];
  });
  const match = configuration.matchKey?.from;
  const asAsked = asked.values.findIndex(({ name }) => name === match);
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE asked_open AS
    SELECT a.class, a.key, ${asAsked < 0 ? 'NULL::VARCHAR' : `a.v${asAsked}`} AS value
    FROM ${rows} a LEFT JOIN ${ledger.relation} l ON l.key = a.key
    WHERE a.class IN (${listOf(sent)}) AND (l.key IS NOT NULL) = a.was_known
      AND (NOT a.was_known OR (
        (NOT a.check_fp OR l.fp IS NOT DISTINCT FROM a.was_fp) AND l.doubt = a.was_doubt
        AND (NOT a.check_values OR (${same.join(' AND ') || 'true'}))))`);
  const asKept = ledger.kept.findIndex(({ name }) => name === match);
  const inLedger =
    asKept < 0
      ? ''
      : `UNION ALL SELECT k${asKept} AS value, key FROM ${ledger.relation}
         WHERE k${asKept} IN (SELECT value FROM asked_open) AND key NOT IN (SELECT key FROM asked_open)`;
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE asked_positions AS
    SELECT (row_number() OVER (ORDER BY CASE class WHEN 'removed' THEN 0 WHEN 'changed' THEN 1 ELSE 2 END, key))::INTEGER
      AS seq, *
    FROM (
      SELECT o.class, o.key, CASE WHEN o.class IN (${listOf(owning)})
        THEN CASE WHEN h.low <> o.key THEN h.low WHEN h.high <> o.key THEN h.high END END AS twin
      FROM asked_open o LEFT JOIN (
        SELECT value, min(key) AS low, max(key) AS high
        FROM (SELECT value, key FROM asked_open WHERE class <> 'removed' ${inLedger})
        WHERE value IS NOT NULL GROUP BY value) h ON h.value = o.value)
    WHERE class <> 'removed' OR twin IS NULL`);
  await duck.run('DROP TABLE asked_open');
}

const listOf = (names: readonly ChangeClass[]): string =>
  names.map((name) => `'${name}'`).join(', ') || 'NULL';

async function countAsked(duck: Duck, total: number): Promise<RunCounts> {
  const counts = noRunCounts();
  for (const [name, count] of await duck.rows(
    'SELECT class, count(*)::INTEGER FROM asked_positions GROUP BY class',
  )) {
    counts.planned[name as ChangeClass] = Number(count);
    counts.superseded -= Number(count);
  }
  counts.queried = total;
  counts.superseded += total;
  return counts;
}
