import type { Value } from '@sluice/domain/column';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { DestinationRecord } from '../../kit/destination.ts';
import { RowRejected } from '../../kit/http/route.ts';
import { csvCell } from './csv.ts';
import { type RecordField, recordId } from './record-field.ts';
import { type FieldValue, fieldReader } from './value.ts';

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
  const valueAs = (name: string, value: Value): FieldValue => fieldReader(typeOf(name))(name, value);
  const columns = targets.map((name) => ({ name, read: fieldReader(typeOf(name)) }));

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
  const attributes = { type: object };
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
      const whole: Record<string, unknown> = id === undefined ? { attributes } : { attributes, id };
      if (key && matchField !== null && record.matchValue !== null)
        whole[matchField] = jsonValue(valueAs(matchField, record.matchValue));
      if (clears) {
        for (const name of targets) whole[member(name).emptied] = null;
        return JSON.stringify(whole);
      }
      for (const name in record.fields) {
        if (name === matchField) continue;
        const { parent, emptied, read } = member(name);
        const value = read(name, record.fields[name] ?? null);
        if (value === null) whole[emptied] = null;
        else if (parent) whole[parent.relationship] = { [parent.key]: jsonValue(value) };
        else whole[name] = jsonValue(value);
      }
      return JSON.stringify(whole);
    },
    csvHeader: (keyColumn) => (keyColumn === null ? targets : [keyColumn, ...targets]),
    csvRow(record, key) {
      let line = key === null ? '' : csvCell(key);
      let next = key !== null;
      for (const { name, read } of columns) {
        if (next) line += ',';
        next = true;
        const value = record.fields[name];
        // Left out of the row = left alone; NULL = cleared.
        if (value !== undefined) line += csvCell(cellText(read(name, value)));
      }
      return line;
    },
  };
}

/** How match values are compared: Salesforce compares text without case, ids by their first 15 characters. */
export const foldMatch = (text: string, field: string | null): string =>
  field === recordId ? text.slice(0, 15) : text.toLowerCase();

/** A field as it stands in JSON. */
interface Member {
  readonly read: ReturnType<typeof fieldReader>;
  /** Of fields that are found by a field of another record. */
  readonly parent: RecordField['parent'];
  /** What is NULL where the field has no value: a parent is let go by its id. */
  readonly emptied: string;
}

function memberOf(name: string, field: RecordField | undefined): Member {
  const { type = 'string', parent } = field ?? {};
  return { read: fieldReader(type), parent, emptied: parent ? parent.idField : name };
}

const jsonValue = (value: FieldValue): unknown =>
  typeof value === 'object' && value !== null ? JSON.rawJSON(value.digits) : value;

/** `#N/A` clears a field, an empty cell leaves it alone. */
const cellText = (value: FieldValue): string =>
  value === null ? '#N/A' : typeof value === 'object' ? value.digits : String(value);
