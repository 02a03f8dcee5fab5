import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChangeClass, noRunCounts, type RunCounts } from '@sluice/domain/change';
import type { ResyncKind, SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';
import type { Duck } from './duck.ts';
import { findMetadata, type LedgerMetadata, metadataOption, type PlanMetadata } from './file-metadata.ts';
import { columnList, literal } from './sql.ts';
import type { StagedRows } from './stage-rows.ts';
import type { UsedColumns } from './used-columns.ts';

/** The ledger that a plan is made against. */
export interface OldLedger {
  readonly key: string;
  readonly path: string;
}

export interface PlannedFile {
  readonly path: string;
  readonly size: number;
  readonly counts: RunCounts;
  readonly metadata: PlanMetadata;
}

/**
 * Compares the staged rows with the ledger and writes the plan, ordered so that removals come first: they make room
 * for rows with the same unique values. Within a class, rows that are not sent come last. `staged` is removed.
 */
export async function planChanges(
  duck: Duck,
  input: {
    readonly staged: StagedRows;
    readonly used: UsedColumns;
    readonly ledger: OldLedger | null;
    readonly configuration: SyncConfiguration;
    readonly resync: ResyncKind;
    readonly workDirectory: string;
  },
): Promise<PlannedFile> {
  const { staged, used, configuration } = input;
  const old = await describeLedger(duck, input.ledger);
  const kept = used.kept.map((index) => used.values[index]?.column.name ?? '');
  const keepsMore = kept.some((name) => !old.kept.some((column) => column.name === name));
  const carriesUnchanged = input.resync === 'reset' || (input.resync === 'none' && old.rows > 0 && keepsMore);
  const matchIndex = used.values.findIndex(({ column }) => column.name === configuration.matchKey?.from);
  const metadata: PlanMetadata = {
    version: 1,
    primaryKey: used.key.column,
    values: used.values.map(({ column }) => column),
    kept: used.kept,
    ledgerValues: old.kept,
    ledgerKey: input.ledger?.key ?? null,
    ledgerRows: old.rows,
    carriesUnchanged,
    twins: matchIndex >= 0,
  };
  const comparable =
    old.fingerprinted === null ||
    JSON.stringify(old.fingerprinted) === JSON.stringify(fingerprintedNames(metadata));
  const model = `read_parquet(${literal(staged.path)})`;
  const ledger = input.ledger ? `read_parquet(${literal(input.ledger.path)})` : emptyLedger;
  await classify(duck, { model, ledger, comparable, resync: input.resync, keepAll: carriesUnchanged });
  await skipSupersededRemovals(duck, { model, ledger, metadata, configuration });
  const operations = operationsOf(configuration);
  const sent = `CASE class ${classOrder.map((name) => `WHEN '${name}' THEN ${operations[name] !== null}`).join(' ')}
    ELSE false END AND NOT superseded`;
  await duck.run(`
    CREATE OR REPLACE TABLE positions AS
    SELECT (row_number() OVER (ORDER BY place, NOT sent, key))::INTEGER AS seq, class, sent, key, known
    FROM (SELECT *, ${sent} AS sent, ${placeSql} AS place FROM diff)`);
  await duck.run('DROP TABLE diff');
  // Joined first and sorted after: both at once need twice the memory.
  const joined = join(input.workDirectory, 'joined.parquet');
  if (matchIndex >= 0) await findTwins(duck, model, matchIndex);
  await duck.run(`
    COPY (
      SELECT p.seq, p.class, p.sent, p.key, m.fp, p.known,
        ${input.resync === 'full' ? 'NULL::BLOB' : 'l.fp'} AS old_fp, l.doubt AS old_doubt
        ${columnList(old.kept.length, (index) => `l.k${index} AS o${index}`)}
        ${columnList(used.values.length, (index) => `m.v${index}`)},
        (0${used.values.map((_, index) => ` + coalesce(strlen(m.v${index}), 0)`).join('')}
          ${old.kept.map((_, index) => ` + coalesce(strlen(l.k${index}), 0)`).join('')})::INTEGER AS bytes
        ${matchIndex < 0 ? '' : `, ${twinSql(configuration)} AS twin`}
      FROM positions p
      LEFT JOIN ${model} m ON m.key = p.key
      LEFT JOIN ${ledger} l ON l.key = p.key
      ${matchIndex < 0 ? '' : `LEFT JOIN twins t ON t.value = m.v${matchIndex}`}
    ) TO ${literal(joined)} (FORMAT parquet, ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES '16MB')`);
  await rm(staged.path, { force: true });
  const counts = await countPlan(duck, staged);
  await duck.run('DROP TABLE positions');
  const path = join(input.workDirectory, 'plan.parquet');
  await duck.run(`
    COPY (SELECT * FROM read_parquet(${literal(joined)}) ORDER BY seq)
    TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 10240, ROW_GROUP_SIZE_BYTES '16MB',
      ${metadataOption(metadata)})`);
  await rm(joined, { force: true });
  const size = counts.planned.added + counts.planned.changed + counts.planned.removed;
  return { path, size, counts, metadata };
}

/** Names under the fingerprint of the rows in a plan, sorted. */
export const fingerprintedNames = (metadata: PlanMetadata): string[] =>
  [metadata.primaryKey, ...metadata.values].map((column) => column.name).sort();

/** Order of the classes in a plan. */
export const classOrder = ['removed', 'changed', 'added'] as const satisfies readonly ChangeClass[];

const placeSql = `CASE class WHEN 'removed' THEN 0 WHEN 'changed' THEN 1 WHEN 'added' THEN 2 ELSE 3 END`;
const emptyLedger = `(SELECT NULL::VARCHAR AS key, NULL::BLOB AS fp, 'none' AS doubt WHERE false)`;

async function describeLedger(
  duck: Duck,
  ledger: OldLedger | null,
): Promise<{
  rows: number;
  kept: LedgerMetadata['kept'];
  fingerprinted: LedgerMetadata['fingerprinted'] | null;
}> {
  if (!ledger) return { rows: 0, kept: [], fingerprinted: null };
  const metadata = await findMetadata<LedgerMetadata>(duck, ledger.path);
  const [count] = await duck.rows(`SELECT count(*)::INTEGER FROM read_parquet(${literal(ledger.path)})`);
  return {
    rows: Number(count?.[0]),
    kept: metadata?.kept ?? [],
    fingerprinted: metadata?.fingerprinted ?? [],
  };
}

/** Fills the table `diff` with every key that is planned (or, with `keepAll`, carried unchanged). */
async function classify(
  duck: Duck,
  input: { model: string; ledger: string; comparable: boolean; resync: ResyncKind; keepAll: boolean },
): Promise<void> {
  const valid = `SELECT key, fp FROM ${input.model} WHERE key <> '' AND key NOT IN (SELECT key FROM duplicates)`;
  const sameValues = input.comparable ? 'l.fp IS NOT DISTINCT FROM m.fp' : 'false';
  const ruleOf: Record<ResyncKind, string> = {
    none: `CASE
      WHEN m.key IS NULL THEN 'removed'
      WHEN l.key IS NULL OR l.doubt IN ('add', 'remove') THEN 'added'
      WHEN l.doubt = 'none' AND ${sameValues} THEN 'unchanged'
      ELSE 'changed' END`,
    full: `CASE WHEN m.key IS NOT NULL THEN 'added' ELSE 'unchanged' END`,
    reset: `'unchanged'`,
  };
  // A key with several rows is not gone: its record stays as it is until the model is clear about it.
  const planned = [
    `NOT (m.key IS NULL AND l.key IN (SELECT key FROM duplicates))`,
    ...(input.resync === 'none' ? [] : ['m.key IS NOT NULL']),
    ...(input.keepAll ? [] : [`(${ruleOf[input.resync]}) <> 'unchanged'`]),
  ];
  await duck.run(`
    CREATE OR REPLACE TABLE diff AS
    SELECT coalesce(m.key, l.key) AS key, ${ruleOf[input.resync]} AS class, l.key IS NOT NULL AS known,
      false AS superseded
    FROM (${valid}) m FULL JOIN (SELECT key, fp, doubt FROM ${input.ledger}) l ON m.key = l.key
    WHERE ${planned.join(' AND ')}`);
}

/** Fills the table `twins` with the match values that several rows of the model have, and two of their keys. */
async function findTwins(duck: Duck, model: string, matchIndex: number): Promise<void> {
  await duck.run(`
    CREATE OR REPLACE TABLE twins AS
    SELECT v${matchIndex} AS value, min(key) AS low, max(key) AS high FROM ${model}
    WHERE v${matchIndex} IS NOT NULL AND key <> '' AND key NOT IN (SELECT key FROM duplicates)
    GROUP BY value HAVING count(*) > 1`);
}

/** Only where a record is found by its match value: one that is created anew takes nothing from another row. */
function twinSql(configuration: SyncConfiguration): string {
  const operations = operationsOf(configuration);
  const finding = (['added', 'changed'] as const).filter(
    (name) => operations[name] !== null && operations[name] !== 'create',
  );
  const classes = finding.map((name) => `'${name}'`).join(', ') || 'NULL';
  return `CASE WHEN p.class IN (${classes}) THEN CASE t.low WHEN p.key THEN t.high ELSE t.low END END`;
}

/**
 * Two rows with one match value share one record. When one of them leaves while the other stays, deleting the record
 * would take it from the row that stays: such a removal is counted, but not sent. When a row that the ledger does not
 * know under this value takes it over, the removal waits in the ledger until that row has been acknowledged.
 */
async function skipSupersededRemovals(
  duck: Duck,
  input: { model: string; ledger: string; metadata: PlanMetadata; configuration: SyncConfiguration },
): Promise<void> {
  const from = input.configuration.matchKey?.from;
  const inModel = input.metadata.values.findIndex((column) => column.name === from);
  const inLedger = input.metadata.ledgerValues.findIndex((column) => column.name === from);
  if (inModel < 0 || inLedger < 0) return;
  const [removed] = await duck.rows(`SELECT count(*)::INTEGER FROM diff WHERE class = 'removed'`);
  if (!removed?.[0]) return;
  await duck.run(`
    UPDATE diff SET superseded = true WHERE class = 'removed' AND key IN (
      SELECT gone.key
      FROM ${input.ledger} gone
      JOIN ${input.ledger} stays ON stays.k${inLedger} = gone.k${inLedger} AND stays.doubt = 'none'
      JOIN ${input.model} m ON m.key = stays.key AND m.v${inModel} = stays.k${inLedger}
      WHERE gone.key IN (SELECT key FROM diff WHERE class = 'removed')
        AND m.key NOT IN (SELECT key FROM duplicates))`);
  await duck.run(`
    DELETE FROM diff WHERE class = 'removed' AND NOT superseded AND key IN (
      SELECT gone.key FROM ${input.ledger} gone JOIN ${input.model} m ON m.v${inModel} = gone.k${inLedger}
      WHERE m.key <> '')`);
}

async function countPlan(duck: Duck, staged: StagedRows): Promise<RunCounts> {
  const counts = noRunCounts();
  const rows = await duck.rows(
    `SELECT class, sent, count(*)::INTEGER FROM positions WHERE class <> 'unchanged' GROUP BY ALL`,
  );
  for (const [name, sent, count] of rows) {
    counts.planned[name as ChangeClass] += Number(count);
    if (!sent) counts.skipped[name as ChangeClass] += Number(count);
  }
  counts.queried = staged.rows;
  counts.nullKeys = staged.nullKeys;
  counts.duplicateKeys = staged.duplicateKeys;
  counts.unchanged =
    staged.rows - staged.nullKeys - staged.duplicateKeys - counts.planned.added - counts.planned.changed;
  return counts;
}
