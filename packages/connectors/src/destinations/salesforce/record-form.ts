import type { Value } from '@sluice/domain/column';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { DestinationRecord } from '../../kit/destination.ts';
import { RowRejected } from '../../kit/http/route.ts';
import { csvCell } from './csv.ts';
import { type RecordField, recordId } from './record-field.ts';
import { type FieldValue, fieldValue } from './value.ts';

/** How records of one sync look in requests. */
export interface RecordForm {
  readonly object: string;
  /** The field that records are found by; `null` where they are only created. */
  readonly matchField: string | null;
  /** The match value as text, as Salesforce holds it. Throws `RowRejected` where there is none. */
  matchText(record: DestinationRecord): string;
  /** The match value in a query: text in quotes, numbers without. */
  matchLiteral(text: string): string;
  /** What two records of one request must not share; ids of 15 and of 18 characters are the same. */
  identity(record: DestinationRecord): string;
  /** JSON of a record; `id` adds the record's id, `key` the match field. */
  json(record: DestinationRecord, parts: { id?: string; key?: boolean; cleared?: boolean }): string;
  /** Header of the CSV, `keyColumn` first where there is one. */
  csvHeader(keyColumn: string | null): string[];
  csvRow(record: DestinationRecord, key: string | null): string;
}

/** The forms of a sync's records, by the fields of its object. */
export function recordForm(
  object: string,
  sync: SyncConfiguration,
  fields: readonly RecordField[],
): RecordForm {
  const byName = new Map(fields.map((field) => [field.field.name, field]));
  const matchField = sync.matchKey?.to ?? null;
  const targets = [...new Set(sync.mappings.map(({ to }) => to))].filter((to) => to !== matchField);
  const typeOf = (name: string): string => byName.get(name)?.type ?? 'string';
  const valueAs = (name: string, value: Value): FieldValue => fieldValue(name, value, typeOf(name));
  const columns = targets.map((name) => ({ name, type: typeOf(name) }));

  const matchText = ({ matchValue }: DestinationRecord): string => {
    const value = valueAs(matchField ?? recordId, matchValue);
    const text = value === null ? '' : cellText(value).trim();
    if (text === '')
      throw new RowRejected('match_value_missing', `The row has no value for "${matchField}".`);
    return text;
  };
  const members = new Map<string, Member>();
  const member = (name: string): Member => {
    const known = members.get(name) ?? memberOf(name, byName.get(name));
    members.set(name, known);
    return known;
  };
  const head = `{"attributes":{"type":${JSON.stringify(object)}}`;
  const cleared = targets.map((name) => member(name).empty).join('');
  return {
    object,
    matchField,
    matchText,
    matchLiteral: (text) =>
      ['int', 'long', 'double', 'currency', 'percent'].includes(typeOf(matchField ?? ''))
        ? text
        : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
    identity: (record) => foldMatch(matchText(record), matchField),
    json(record, { id, key, cleared: clears }) {
      // Text is put together piece by piece: building an object for each row takes twice as long.
      let text = id === undefined ? head : `${head},"id":${JSON.stringify(id)}`;
      if (key && matchField !== null && record.matchValue !== null)
        text += member(matchField).open + jsonText(valueAs(matchField, record.matchValue));
      if (clears) return `${text}${cleared}}`;
      for (const name in record.fields) {
        if (name === matchField) continue;
        const { open, close, empty, type } = member(name);
        const value = fieldValue(name, record.fields[name] ?? null, type);
        text += value === null ? empty : open + jsonText(value) + close;
      }
      return `${text}}`;
    },
    csvHeader: (keyColumn) => (keyColumn === null ? targets : [keyColumn, ...targets]),
    csvRow(record, key) {
      let line = key === null ? '' : csvCell(key);
      let next = key !== null;
      for (const { name, type } of columns) {
        if (next) line += ',';
        next = true;
        const value = record.fields[name];
        // Left out of the row = left alone; NULL = cleared.
        if (value !== undefined) line += csvCell(cellText(fieldValue(name, value, type)));
      }
      return line;
    },
  };
}

/** How match values are compared: Salesforce compares text without case, ids by their first 15 characters. */
export const foldMatch = (text: string, field: string | null): string =>
  field === recordId ? text.slice(0, 15) : text.toLowerCase();

/** A member of a record in JSON: what stands before and after its value, and the whole of it where there is none. */
interface Member {
  readonly open: string;
  readonly close: string;
  readonly empty: string;
  readonly type: string;
}

function memberOf(name: string, field: RecordField | undefined): Member {
  const quoted = (text: string): string => JSON.stringify(text);
  const parent = field?.parent;
  const type = field?.type ?? 'string';
  if (!parent) return { type, open: `,${quoted(name)}:`, close: '', empty: `,${quoted(name)}:null` };
  return {
    type,
    open: `,${quoted(parent.relationship)}:{${quoted(parent.key)}:`,
    close: '}',
    // A parent is let go by its id.
    empty: `,${quoted(parent.idField)}:null`,
  };
}

const jsonText = (value: FieldValue): string =>
  typeof value === 'object' && value !== null ? value.digits : JSON.stringify(value);

/** `#N/A` clears a field, an empty cell leaves it alone. */
const cellText = (value: FieldValue): string =>
  value === null ? '#N/A' : typeof value === 'object' ? value.digits : String(value);
