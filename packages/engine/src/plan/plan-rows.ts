import type { ChangeClass } from '@sluice/domain/change';
import type { Column, Row, Value } from '@sluice/domain/column';
import type { Duck } from '../duck.ts';
import type { PlanMetadata } from '../ledger/file-metadata.ts';
import { parserOf } from '../map/value.ts';
import { columnList, literal } from '../sql.ts';
import type { PlannedChange } from './planned-change.ts';

/** Reads the rows of a plan that `where` selects, by position. The caller bounds how many there are. */
export async function readRows(
  duck: Duck,
  path: string,
  metadata: PlanMetadata,
  where: string,
  limit?: number,
): Promise<PlannedChange[]> {
  return [...(await readPortions(duck, path, metadata, where, limit))].flat();
}

/**
 * The same, some hundred rows at a time, of which each portion is made when its turn comes: so rows that are dealt with at
 * once die young, which is cheap.
 *
 * Rows leave DuckDB as JSON, a portion in one text: a text for each value costs a call of its own, which was half of all
 * the time of a delivery.
 */
export async function readPortions(
  duck: Duck,
  path: string,
  metadata: PlanMetadata,
  where: string,
  limit?: number,
): Promise<Iterable<PlannedChange[]>> {
  const { values, ledgerValues, holds, twins, cut } = metadata;
  const rows = `FROM read_parquet(${literal(path)}) WHERE class <> 'unchanged' AND (${where})`;
  const portions = await duck.rows(`
    SELECT min(seq), max(seq), string_agg(json_array(
      seq, class, key, known, sent, ${holds ? 'held' : 'false'}, ${twins ? 'twin' : 'NULL'}, ${cut ? 'oversize' : 'NULL'}
      ${columnList(values.length, (index) => `v${index}`)}
      ${columnList(ledgerValues.length, (index) => `o${index}`)})::VARCHAR, ',')
    ${limit === undefined ? rows : `FROM (SELECT * ${rows} ORDER BY seq LIMIT ${limit})`}
    GROUP BY CASE WHEN bytes > ${longRowBytes} THEN -seq ELSE seq // ${portionRows} END`);
  const sorted = portions
    .map(([from, to, text]): Portion => ({ from: Number(from), to: Number(to), texts: [String(text)] }))
    .sort((one, other) => one.from - other.from);
  return parsePortions(joinOverlapping(sorted), changeBuilder(metadata));
}

interface Portion {
  readonly from: number;
  readonly to: number;
  readonly texts: readonly string[];
}

/** A long row lies among those of another portion. */
function joinOverlapping(sorted: readonly Portion[]): Portion[] {
  const joined: Portion[] = [];
  for (const portion of sorted) {
    const last = joined.at(-1);
    if (!last || last.to < portion.from) joined.push(portion);
    else {
      const to = Math.max(last.to, portion.to);
      joined[joined.length - 1] = { from: last.from, to, texts: [...last.texts, ...portion.texts] };
    }
  }
  return joined;
}

function* parsePortions(
  portions: Portion[],
  changeOf: (cells: Cells) => PlannedChange,
): Generator<PlannedChange[]> {
  for (let portion = portions.shift(); portion; portion = portions.shift()) {
    const changes: PlannedChange[] = [];
    for (const text of portion.texts) {
      for (const cells of JSON.parse(`[${text}]`) as Cells[]) changes.push(changeOf(cells));
    }
    yield changes.sort((one, other) => one.seq - other.seq);
  }
}

const portionRows = 500;
/** Long rows come one by one, so that no text grows beyond all bounds. */
const longRowBytes = 16_384;

type Cells = [
  seq: number,
  class_: ChangeClass,
  key: string,
  known: boolean,
  sent: boolean,
  held: boolean,
  twin: string | null,
  oversize: number | null,
  ...values: (string | null)[],
];
const valuesFrom = 8;

function changeBuilder(metadata: PlanMetadata): (cells: Cells) => PlannedChange {
  const { primaryKey, values, ledgerValues } = metadata;
  const rowOf = rowBuilder(primaryKey, values, valuesFrom);
  const ledgerRowOf = rowBuilder(primaryKey, ledgerValues, valuesFrom + values.length);
  return (cells) => {
    const [seq, className, key, known, sent, held, twin, oversize] = cells;
    const before = known ? ledgerRowOf(key, cells) : null;
    const row = className === 'removed' && before ? before : rowOf(key, cells);
    return { seq, class: className, key, sent, held, row, ledgerValues: before, twin, oversize };
  };
}

function rowBuilder(
  primaryKey: Column,
  columns: readonly Column[],
  from: number,
): (key: string, cells: Cells) => Row {
  const keyValue = parserOf(primaryKey.type);
  const readers = columns.map(({ name, type }) => ({ name, parse: parserOf(type) }));
  // A column may have any name.
  const set = columns.some(({ name }) => name === '__proto__') ? define : assign;
  return (key, cells) => {
    const row: Row = { [primaryKey.name]: keyValue(key) };
    for (let index = 0; index < readers.length; index += 1) {
      const { name, parse } = readers[index] as (typeof readers)[number];
      const text = cells[from + index] as string | null;
      set(row, name, text === null ? null : parse(text));
    }
    return row;
  };
}

function assign(row: Row, name: string, value: Value): void {
  row[name] = value;
}

function define(row: Row, name: string, value: Value): void {
  Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });
}
