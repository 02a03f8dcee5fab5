import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { RowCorrection, RunSelection } from '@sluice/domain/run-selection';
import type { Duck } from '../duck.ts';
import type { OpenLedger } from '../ledger/open-ledger.ts';
import { isCanonical } from '../map/canonical-text.ts';
import type { PastRun } from '../ports.ts';
import { columnList } from '../sql.ts';
import type { AskedRows } from './asked-rows.ts';
import { fingerprintSql } from './fingerprint.ts';
import { doubtOfClass, fillChosen, type PastRows } from './past-rows.ts';
import { fingerprintedNames } from './plan-changes.ts';

/**
 * Rows of an ended run to be sent again as they were planned, with corrected values laid over them. The ledger then
 * takes the fingerprint of the source row, so a correction holds until the source row changes. Throws `input_invalid`
 * for a correction of something that cannot be corrected.
 */
export async function askReplay(
  duck: Duck,
  selection: RunSelection & { readonly type: 'rows' },
  past: PastRun,
  { metadata, relation }: PastRows,
  ledger: OpenLedger,
): Promise<AskedRows> {
  const { rows } = selection;
  const reasons = rows.which === 'failed' ? rows.reasons : undefined;
  if (rows.which === 'chosen') await fillChosen(duck, rows.seqs);
  else if (reasons) await fillChosen(duck, past.withReasons(reasons));
  const chosen = {
    failed: reasons ? 'failed AND seq IN (SELECT seq FROM chosen)' : 'failed',
    chosen: 'seq IN (SELECT seq FROM chosen)',
    sent: `failed OR outcome = 'delivered'`,
  }[rows.which];
  await layOver(duck, selection.corrections, metadata, relation);
  const corrected = [...new Set(selection.corrections.flatMap(({ values }) => Object.keys(values)))];
  const place = (index: number): number => corrected.indexOf(metadata.values[index]?.name ?? '');
  // A removed row is found by what the ledger kept of it; once it is forgotten, only its plan still knows.
  const planned = (index: number): string => {
    const name = metadata.values[index]?.name;
    const kept = metadata.ledgerValues.findIndex((column) => column.name === name);
    return kept < 0 ? `p.v${index}` : `CASE WHEN p.class = 'removed' THEN p.o${kept} ELSE p.v${index} END`;
  };
  const value = (index: number): string =>
    place(index) < 0
      ? planned(index)
      : `CASE WHEN x${place(index)}.seq IS NULL THEN ${planned(index)} ELSE x${place(index)}.value END`;
  const fingerprinted = fingerprintedNames(metadata);
  const comparable = JSON.stringify(fingerprinted) === JSON.stringify(ledger.fingerprinted);
  return {
    primaryKey: metadata.primaryKey,
    values: metadata.values,
    expected: metadata.values,
    fingerprinted,
    relation: `(
      SELECT p.key, p.class, p.fp,
        CASE outcome WHEN 'delivered' THEN p.class <> 'removed' WHEN 'uncertain' THEN true ELSE p.known END AS was_known,
        CASE outcome WHEN 'delivered' THEN p.fp WHEN 'uncertain' THEN NULL ELSE p.old_fp END AS was_fp,
        CASE outcome WHEN 'delivered' THEN 'none' WHEN 'uncertain' THEN ${doubtOfClass} ELSE p.old_doubt END AS was_doubt,
        outcome <> 'delivered' OR ${comparable} AS check_fp,
        outcome <> 'open' AND p.class <> 'removed' AS check_values
        ${columnList(metadata.values.length, (index) => `p.v${index} AS e${index}`)}
        ${columnList(metadata.values.length, (index) => `${value(index)} AS v${index}`)}
      FROM (SELECT * FROM ${relation} WHERE ${chosen}) p
      ${corrected
        .map(
          (_, at) =>
            `LEFT JOIN (SELECT seq, value FROM corrections WHERE place = ${at}) x${at} ON x${at}.seq = p.seq`,
        )
        .join('\n')})`,
  };
}

/** Rows in doubt as the ledger knows them: what may have arrived is sent once more. */
export async function askDoubts(
  duck: Duck,
  keys: readonly string[] | null,
  ledger: OpenLedger,
  primaryKey: Column,
): Promise<AskedRows> {
  if (keys) await fillKeys(duck, keys);
  const names = (ledger.fingerprinted ?? []).filter((name) => name !== primaryKey.name);
  const covered = names.map((name) => ({
    name,
    index: ledger.kept.findIndex((column) => column.name === name),
  }));
  const fp = covered.every(({ index }) => index >= 0)
    ? fingerprintSql(covered.map(({ name, index }) => ({ name, sql: `k${index}` })))
    : 'NULL::BLOB';
  return {
    primaryKey,
    values: ledger.kept,
    expected: [],
    fingerprinted: ledger.fingerprinted ?? [],
    relation: `(
      SELECT key, CASE doubt WHEN 'add' THEN 'added' WHEN 'change' THEN 'changed' ELSE 'removed' END AS class,
        ${fp} AS fp, true AS was_known, fp AS was_fp, doubt AS was_doubt, true AS check_fp, false AS check_values
        ${columnList(ledger.kept.length, (index) => `k${index} AS v${index}`)}
      FROM ${ledger.relation} WHERE doubt <> 'none' ${keys ? 'AND key IN (SELECT key FROM asked_keys)' : ''})`,
  };
}

async function fillKeys(duck: Duck, keys: readonly string[]): Promise<void> {
  await duck.run('CREATE OR REPLACE TEMP TABLE asked_keys (key VARCHAR)');
  const appender = await duck.appender('asked_keys');
  for (const key of keys) {
    appender.appendVarchar(key);
    appender.endRow();
  }
  appender.flushSync();
  appender.closeSync();
}

/** Fills the table `corrections`; columns by their place among those that are corrected at all. */
async function layOver(
  duck: Duck,
  corrections: readonly RowCorrection[],
  metadata: PastRows['metadata'],
  relation: string,
): Promise<void> {
  await duck.run('CREATE OR REPLACE TEMP TABLE corrections (seq INTEGER, place INTEGER, value VARCHAR)');
  if (corrections.length === 0) return;
  const places = [...new Set(corrections.flatMap(({ values }) => Object.keys(values)))];
  const appender = await duck.appender('corrections');
  for (const [position, { seq, values }] of corrections.entries()) {
    for (const [name, value] of Object.entries(values)) {
      const column = metadata.values.find((one) => one.name === name);
      const path = `corrections.${position}.values.${name}`;
      if (!column) throw refused(path, wordsOfMissing(name, metadata.primaryKey.name));
      if (value !== null && !isCanonical(value, column.type))
        throw refused(path, `"${value.slice(0, 100)}" is not a value of the type ${column.type}.`);
      appender.appendInteger(seq);
      appender.appendInteger(places.indexOf(name));
      if (value === null) appender.appendNull();
      else appender.appendVarchar(value);
      appender.endRow();
    }
  }
  appender.flushSync();
  appender.closeSync();
  const [odd] = await duck.rows(`
    SELECT c.seq, p.class FROM corrections c LEFT JOIN ${relation} p ON p.seq = c.seq
    WHERE p.seq IS NULL OR p.class = 'removed' LIMIT 1`);
  if (!odd) return;
  const position = corrections.findIndex(({ seq }) => seq === Number(odd[0]));
  throw refused(
    `corrections.${position}.seq`,
    odd[1] === null
      ? `The run sent no row at position ${odd[0]}.`
      : `The row at position ${odd[0]} was removed: there is nothing to correct in it.`,
  );
}

const wordsOfMissing = (name: string, primaryKey: string): string =>
  name === primaryKey
    ? `"${name}" is the primary key: another value would be another row.`
    : `The run did not use a column "${name}".`;

const refused = (path: string, message: string): SluiceError =>
  new SluiceError('input_invalid', message, { fields: { [path]: message } });
