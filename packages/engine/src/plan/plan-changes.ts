import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChangeClass, noRunCounts, type RunCounts, sumCounts } from '@sluice/domain/change';
import type { ResyncKind, SyncConfiguration } from '@sluice/domain/sync';
import { operationsOf } from '@sluice/domain/sync-mode';
import type { Duck } from '../duck.ts';
import type { PlanMetadata } from '../ledger/file-metadata.ts';
import type { OpenLedger } from '../ledger/open-ledger.ts';
import { literal } from '../sql.ts';
import { planAllAlike } from './plan-all-alike.ts';
import { countRows, findUnusableKeys, type StagedRows } from './stage-rows.ts';
import { findTwins } from './twins.ts';
import type { UsedColumns } from './used-columns.ts';
import { bucketSql, bucketsFor, writePlanned } from './write-planned.ts';

export interface PlannedFile {
  readonly path: string;
  readonly size: number;
  readonly counts: RunCounts;
  readonly metadata: PlanMetadata;
}

/**
 * Compares the staged rows with the ledger and writes the plan, ordered so that removals come first: they make room
 * for rows with the same unique values. Within a class, rows that are not sent come last. The staged file is removed.
 */
export async function planChanges(
  duck: Duck,
  input: {
    readonly staged: StagedRows;
    readonly used: UsedColumns;
    readonly ledger: OpenLedger;
    readonly configuration: SyncConfiguration;
    readonly resync: ResyncKind;
    readonly workDirectory: string;
  },
): Promise<PlannedFile> {
  const { used, configuration, ledger: old } = input;
  let { staged } = input;
  const keepsMore = used.values.some(({ column }) => !old.kept.some(({ name }) => name === column.name));
  const judge = judgeOf({ before: old.fingerprinted, now: namesOf(used), staged, resync: input.resync });
  const carriesUnchanged =
    input.resync === 'reset' ||
    (input.resync !== 'full' && !staged.filtered && old.rows > 0 && (keepsMore || judge === 'fp_before'));
  // Rows that are not looked at keep fingerprints of other columns, so those that are must not get new ones.
  const asBefore = staged.filtered && judge !== 'fp';
  const fp = !asBefore ? 'm.fp' : staged.fingerprintedBefore ? 'm.fp_before' : 'NULL::BLOB';
  // A row that should be sent again and cannot be is sent by the next run.
  const again = input.resync === 'full' || input.resync === 'backfill';
  const matchIndex = used.values.findIndex(({ column }) => column.name === configuration.matchKey?.from);
  const metadata: PlanMetadata = {
    version: 1,
    primaryKey: used.key.column,
    values: used.values.map(({ column }) => column),
    kept: used.values.flatMap(({ column }, index) =>
      asBefore && !old.kept.some(({ name }) => name === column.name) ? [] : [index],
    ),
    ledgerValues: old.kept,
    ledgerKey: old.key,
    ledgerRows: old.rows,
    carriesUnchanged,
    twins: matchIndex >= 0,
    ...(staged.cut && { cut: true }),
    holds: true,
    holdsDoubts: configuration.doubt === 'hold',
    ...(asBefore && old.fingerprinted && { fingerprinted: old.fingerprinted }),
  };
  const operations = operationsOf(configuration);
  const model = staged.relation;
  const path = join(input.workDirectory, 'plan.parquet');
  if (matchIndex >= 0) await findTwins(duck, model, matchIndex);
  if (old.key === null) {
    const className = input.resync === 'reset' ? 'unchanged' : 'added';
    const counts = await planAllAlike(duck, { staged, className, configuration, matchIndex, path, metadata });
    await staged.remove();
    return { path, size: counts.planned.added, counts, metadata };
  }
  const ledger = old.relation;
  const comparison = {
    model,
    ledger,
    judge,
    resync: input.resync,
    again: operations.changed === null ? 'added' : 'changed',
    filtered: staged.filtered,
    holds: configuration.doubt === 'hold',
    keepAll: carriesUnchanged,
  } as const;
  await classify(duck, comparison);
  if (staged.unchecked && !(await hasLoneKeys(duck, staged, old))) {
    staged = { ...staged, ...(await findUnusableKeys(duck, model)) };
    await classify(duck, comparison);
  }
  await skipSupersededRemovals(duck, { model, ledger, metadata, configuration });
  const wanted = `CASE class ${classOrder.map((name) => `WHEN '${name}' THEN ${operations[name] !== null}`).join(' ')}
    ELSE false END AND NOT superseded`;
  if (staged.cut) await leaveCutRows(duck, model, wanted);
  const [planned] = await duck.rows('SELECT count(*)::INTEGER FROM diff');
  const buckets = bucketsFor(Number(planned?.[0]));
  // In a file: as a table it would take the memory that the rows need.
  const positions = join(input.workDirectory, 'positions.parquet');
  await duck.run(`
    COPY (
      SELECT (row_number() OVER (ORDER BY place, NOT sent, bucket, key))::INTEGER AS seq, class, sent,
        wanted AND held AS held, key, known, bucket
      FROM (SELECT *, wanted AND NOT held AS sent, ${placeSql} AS place, ${bucketSql('key', buckets)} AS bucket
        FROM (SELECT *, ${wanted} AS wanted FROM diff))
    ) TO ${literal(positions)} (FORMAT parquet)`);
  await duck.run(`CREATE OR REPLACE TEMP VIEW positions AS FROM read_parquet(${literal(positions)})`);
  await duck.run('DROP TABLE diff');
  const counts = await countPlan(duck, staged);
  await writePlanned(duck, { ...input, metadata, buckets, fp, again, matchIndex, path });
  await staged.remove();
  await rm(positions, { force: true });
  return { path, size: sumCounts(counts.planned), counts, metadata };
}

/** Names under the fingerprint of the rows in a plan, sorted. */
export const fingerprintedNames = (metadata: PlanMetadata): readonly string[] =>
  metadata.fingerprinted ?? [metadata.primaryKey, ...metadata.values].map((column) => column.name).sort();

const namesOf = (used: UsedColumns): string[] =>
  [used.key.column, ...used.values.map(({ column }) => column)].map(({ name }) => name).sort();

/**
 * By which fingerprint of a row one sees whether it has changed. Where the sync no longer uses the columns that the
 * ledger's fingerprints cover, the rows are judged by those (`fp_before`): always when columns have only been dropped,
 * because nothing is to be sent for that; when columns have come, only if that was asked for. `null`: nothing can be
 * compared, and every known row counts as changed.
 */
function judgeOf(input: {
  readonly before: readonly string[] | null;
  readonly now: readonly string[];
  readonly staged: StagedRows;
  readonly resync: ResyncKind;
}): 'fp' | 'fp_before' | null {
  const { before, now } = input;
  if (before === null || JSON.stringify(before) === JSON.stringify(now)) return 'fp';
  const mayJudge = input.resync === 'from_now' || now.every((name) => before.includes(name));
  return mayJudge && input.staged.fingerprintedBefore ? 'fp_before' : null;
}

/** Order of the classes in a plan. */
export const classOrder = ['removed', 'changed', 'added'] as const satisfies readonly ChangeClass[];

const placeSql = `CASE class WHEN 'removed' THEN 0 WHEN 'changed' THEN 1 WHEN 'added' THEN 2 ELSE 3 END`;

/** Fills the table `diff` with every key that is planned (or, with `keepAll`, carried unchanged). */
async function classify(
  duck: Duck,
  input: {
    model: string;
    ledger: string;
    judge: 'fp' | 'fp_before' | null;
    resync: ResyncKind;
    /** The class of unchanged rows that a backfill sends again. */
    again: ChangeClass;
    filtered: boolean;
    holds: boolean;
    keepAll: boolean;
  },
): Promise<void> {
  const { resync, judge, filtered } = input;
  const columns = `key, fp${judge === 'fp_before' ? ', fp_before' : ''}${filtered ? ', wanted' : ''}`;
  const valid = `SELECT ${columns} FROM ${input.model} WHERE key <> '' AND key NOT IN (SELECT key FROM duplicates)`;
  const same = judge === null ? 'false' : `l.fp IS NOT DISTINCT FROM m.${judge}`;
  const compared = `CASE
      WHEN m.key IS NULL THEN 'removed'
      WHEN l.key IS NULL OR l.doubt IN ('add', 'remove') THEN 'added'
      WHEN l.doubt = 'none' AND ${same} THEN ${resync === 'backfill' ? `'${input.again}'` : `'unchanged'`}
      ELSE 'changed' END`;
  const ruleOf: Record<ResyncKind, string> = {
    none: compared,
    backfill: compared,
    from_now: compared,
    full: `CASE WHEN m.key IS NOT NULL THEN 'added' ELSE 'unchanged' END`,
    reset: `'unchanged'`,
  };
  const overruled = resync === 'full' || resync === 'reset';
  // A key with several rows is not gone: its record stays as it is until the model is clear about it.
  const planned = [
    `NOT (m.key IS NULL AND l.key IN (SELECT key FROM duplicates))`,
    ...(overruled ? ['m.key IS NOT NULL'] : []),
    ...(filtered ? ['m.wanted'] : []),
    ...(input.keepAll ? [] : [`(${ruleOf[resync]}) <> 'unchanged'`]),
  ];
  await duck.run(`
    CREATE OR REPLACE TEMP TABLE diff AS
    SELECT coalesce(m.key, l.key) AS key, ${ruleOf[resync]} AS class, l.key IS NOT NULL AS known,
      ${input.holds && !overruled ? `coalesce(l.doubt, 'none') <> 'none'` : 'false'} AS held, false AS superseded
    FROM (${valid}) m FULL JOIN (SELECT key, fp, doubt FROM ${input.ledger}) l ON m.key = l.key
    WHERE ${planned.join(' AND ')}`);
}

/**
 * Whether no key of the model occurs more than once, seen from `diff`: then as many rows of the model have met the ledger as
 * rows of the ledger have met the model.
 */
async function hasLoneKeys(
  duck: Duck,
  staged: Pick<StagedRows, 'rows' | 'nullKeys'>,
  ledger: Pick<OpenLedger, 'rows'>,
): Promise<boolean> {
  const [counts] = await duck.rows(`
    SELECT (count(*) FILTER (NOT known))::INTEGER, (count(*) FILTER (class = 'removed'))::INTEGER,
      (count(DISTINCT key) FILTER (NOT known))::INTEGER FROM diff`);
  const [fresh, gone, lone] = (counts ?? []).map(Number) as [number, number, number];
  return fresh === lone && staged.rows - staged.nullKeys - fresh === ledger.rows - gone;
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

/** A row that is too long is planned only to be refused. Where it would not be sent, what is known of it stays. */
async function leaveCutRows(duck: Duck, model: string, wanted: string): Promise<void> {
  await duck.run(`
    DELETE FROM diff WHERE NOT (${wanted})
      AND key IN (SELECT key FROM ${model} WHERE oversize IS NOT NULL)`);
}

async function countPlan(duck: Duck, staged: StagedRows): Promise<RunCounts> {
  const counts = noRunCounts();
  const rows = await duck.rows(
    `SELECT class, sent, held, count(*)::INTEGER FROM positions WHERE class <> 'unchanged' GROUP BY ALL`,
  );
  for (const [name, sent, held, count] of rows) {
    counts.planned[name as ChangeClass] += Number(count);
    if (!sent) counts[held ? 'held' : 'skipped'][name as ChangeClass] += Number(count);
  }
  return { ...counts, ...countRows(staged, counts.planned) };
}
