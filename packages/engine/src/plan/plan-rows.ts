import type { ChangeClass } from '@sluice/domain/change';
import type { Column, Row, Value } from '@sluice/domain/column';
import type { Cell, Duck } from '../duck.ts';
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
  const columns = await duck.columns(`
    SELECT seq, class, key, known, sent, ${metadata.holds ? 'held' : 'false'} AS held,
      ${metadata.twins ? 'twin' : 'NULL::VARCHAR'} AS twin
      ${columnList(metadata.values.length, (index) => `v${index}`)}
      ${columnList(metadata.ledgerValues.length, (index) => `o${index}`)}
    FROM read_parquet(${literal(path)}) WHERE class <> 'unchanged' AND (${where})
    ORDER BY seq${limit === undefined ? '' : ` LIMIT ${limit}`}`);
  const [seqs = [], classes = [], keys = [], known = [], sent = [], held = [], twins = []] = columns;
  const keyValue = parserOf(metadata.primaryKey.type);
  const values = rowBuilder(metadata.values, columns.slice(7));
  const ledgerValues = rowBuilder(metadata.ledgerValues, columns.slice(7 + metadata.values.length));
  return seqs.map((seq, index) => {
    const key = String(keys[index]);
    const className = classes[index] as ChangeClass;
    const identity = { [metadata.primaryKey.name]: keyValue(key) };
    const before = known[index] ? { ...identity, ...ledgerValues(index) } : null;
    return {
      seq: Number(seq),
      class: className,
      key,
      sent: sent[index] === true,
      held: held[index] === true,
      row:
        className === 'removed'
          ? (before ?? { ...identity, ...values(index) })
          : { ...identity, ...values(index) },
      ledgerValues: before,
      twin: typeof twins[index] === 'string' ? twins[index] : null,
    };
  });
}

function rowBuilder(columns: readonly Column[], cells: readonly Cell[][]): (index: number) => Row {
  const readers = columns.map(
    ({ name, type }, position) => [name, parserOf(type), cells[position] ?? []] as const,
  );
  return (index) => {
    const row: Row = {};
    for (const [name, parse, column] of readers) {
      const text = column[index];
      setOwn(row, name, typeof text === 'string' ? parse(text) : null);
    }
    return row;
  };
}

/** A column may have any name, `__proto__` included. */
function setOwn(row: Row, name: string, value: Value): void {
  if (name === '__proto__') Object.defineProperty(row, name, { value, enumerable: true, configurable: true });
  else row[name] = value;
}
